using System.Runtime.CompilerServices;

namespace GreenServe.Tests.Fixtures;

/// <summary>
/// Compares text with a file beside the test, by the conventions of Verify: <c>Type.Method.verified.txt</c> is what was agreed,
/// <c>Type.Method.received.txt</c> is written on a mismatch, and a missing agreement fails. To accept, rename received to verified.
/// </summary>
internal static class Snapshot
{
    internal static void Verify(
        string received, string extension = "txt", [CallerFilePath] string testFile = "", [CallerMemberName] string method = "")
    {
        string source = SourceOf(testFile);
        string stem = Path.Combine(Path.GetDirectoryName(source)!, $"{Path.GetFileNameWithoutExtension(source)}.{method}");
        string verifiedPath = $"{stem}.verified.{extension}";
        string receivedPath = $"{stem}.received.{extension}";
        string normalised = received.ReplaceLineEndings("\n");

        if (File.Exists(verifiedPath) && File.ReadAllText(verifiedPath).ReplaceLineEndings("\n") == normalised)
        {
            File.Delete(receivedPath);
            return;
        }

        File.WriteAllText(receivedPath, normalised);
        string reason = File.Exists(verifiedPath) ? "differs from" : "has no";
        Assert.Fail($"The text {reason} {verifiedPath}.\nReceived: {receivedPath}\n{FirstDifference(verifiedPath, normalised)}");
    }

    /// <summary>
    /// The test's source file on this machine. A deterministic build names it from the root of the repository, which it calls <c>/_/</c>.
    /// </summary>
    private static string SourceOf(string testFile)
    {
        const string DeterministicRoot = "/_/";
        return testFile.StartsWith(DeterministicRoot, StringComparison.Ordinal)
            ? Repository.PathOf(testFile[DeterministicRoot.Length..])
            : testFile;
    }

    private static string FirstDifference(string verifiedPath, string received)
    {
        string[] verified = File.Exists(verifiedPath) ? File.ReadAllLines(verifiedPath) : [];
        string[] lines = received.Split('\n');
        int line = Enumerable.Range(0, Math.Max(verified.Length, lines.Length))
            .FirstOrDefault(index => verified.ElementAtOrDefault(index) != lines.ElementAtOrDefault(index));
        return $"First difference in line {line + 1}:\n- {verified.ElementAtOrDefault(line)}\n+ {lines.ElementAtOrDefault(line)}";
    }
}
