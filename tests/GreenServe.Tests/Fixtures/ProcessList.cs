namespace GreenServe.Tests.Fixtures;

/// <summary>What runs on this machine.</summary>
internal static class ProcessList
{
    /// <summary>The command line of every process, its arguments apart by NUL.</summary>
    internal static IEnumerable<string> Commands()
    {
        foreach (string process in Directory.EnumerateDirectories("/proc").Where(process => int.TryParse(Path.GetFileName(process), out _)))
        {
            string text = "";
            try
            {
                text = File.ReadAllText(Path.Combine(process, "cmdline"));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It has ended meanwhile.
            }

            yield return text;
        }
    }
}
