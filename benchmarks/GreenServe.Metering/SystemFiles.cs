namespace GreenServe.Metering;

/// <summary>The host's /sys, /proc and /dev, below a root that a test can put elsewhere.</summary>
/// <param name="root">Where the tree begins, <c>/</c> on a real host.</param>
internal sealed class SystemFiles(string root)
{
    /// <summary>Opens a file that holds a number.</summary>
    internal Func<string, NumberFile> OpenNumber { get; init; } = NumberFile.Open;

    internal string PathOf(string relative) => Path.Combine(root, relative);

    /// <summary>Whether the processor says that it is a virtual machine's.</summary>
    internal bool IsVirtualMachine
    {
        get
        {
            string path = PathOf("proc/cpuinfo");
            return File.Exists(path) && File.ReadLines(path).Any(
                line => line.StartsWith("flags", StringComparison.Ordinal) && line.Contains(" hypervisor", StringComparison.Ordinal));
        }
    }

    /// <summary>A one-line file without its line end; <c>null</c> if it cannot be read.</summary>
    internal static string? ReadLine(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
