namespace GreenServe.Tests.Fixtures;

/// <summary>What runs on this machine.</summary>
internal static class ProcessList
{
    /// <summary>The command line of every process, its arguments apart by NUL.</summary>
    internal static IEnumerable<string> Commands() => All().Select(process => process.Command);

    /// <summary>The processes whose command line contains a text.</summary>
    internal static IReadOnlyList<int> With(string text) =>
        [.. All().Where(process => process.Command.Contains(text, StringComparison.Ordinal)).Select(process => process.Id)];

    private static IEnumerable<(int Id, string Command)> All()
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

            yield return (int.Parse(Path.GetFileName(process)), text);
        }
    }
}
