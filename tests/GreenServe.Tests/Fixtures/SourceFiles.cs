namespace GreenServe.Tests.Fixtures;

/// <summary>The source of the libraries and programs, without the tests.</summary>
internal static class SourceFiles
{
    /// <summary>The text of every file.</summary>
    internal static IEnumerable<string> Read() => new[] { "benchmarks", "analysis", "workloads" }
        .SelectMany(folder => Directory.EnumerateFiles(Repository.PathOf(folder), "*.cs", SearchOption.AllDirectories))
        .Select(File.ReadAllText);
}
