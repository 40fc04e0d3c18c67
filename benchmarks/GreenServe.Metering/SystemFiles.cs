namespace GreenServe.Metering;

/// <summary>The files below <c>/sys</c>, <c>/proc</c> and <c>/dev</c> of the host. A test can put their root elsewhere.</summary>
/// <param name="root">The folder where the tree begins, <c>/</c> on a real host.</param>
internal sealed class SystemFiles(string root)
{
    /// <summary>Opens a file that holds a number.</summary>
    internal Func<string, NumberFile> OpenNumber { get; init; } = NumberFile.Open;

    /// <summary>The full path of a file given by its path below the root.</summary>
    internal string PathOf(string relative) => Path.Combine(root, relative);

    /// <summary>Whether the processor says that it belongs to a virtual machine.</summary>
    internal bool IsVirtualMachine
    {
        get
        {
            string path = PathOf("proc/cpuinfo");
            return File.Exists(path) && File.ReadLines(path).Any(
                line => line.StartsWith("flags", StringComparison.Ordinal) && line.Contains(" hypervisor", StringComparison.Ordinal));
        }
    }

    /// <summary>The text of a short file without its line end; <c>null</c> if the file cannot be read.</summary>
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
