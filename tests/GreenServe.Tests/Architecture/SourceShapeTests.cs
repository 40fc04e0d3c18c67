using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Architecture;

/// <summary>The limits of CONTRIBUTING.md that no analyzer holds: long lines, long files, full folders, misplaced tests.</summary>
public sealed class SourceShapeTests
{
    private const int MaxColumns = 140;
    private const int MaxLines = 300;
    private const int MaxFiles = 25;
    private static readonly string[] SourceFolders = ["analysis", "benchmarks", "workloads"];

    private static readonly IReadOnlyList<string> Sources = [.. SourceFolders.SelectMany(FilesIn)];
    private static readonly IReadOnlyList<string> Tests = FilesIn("tests");

    [Fact]
    public void Lines_FitInTheirColumns()
    {
        IEnumerable<string> tooLong = Sources.Concat(Tests).SelectMany(file => File.ReadLines(file)
            .Select((line, index) => (line.Length, Place: $"{Relative(file)}:{index + 1}"))
            .Where(line => line.Length > MaxColumns)
            .Select(line => $"{line.Place}: {line.Length} columns"));

        Assert.Empty(tooLong);
    }

    [Fact]
    public void Files_HoldOneIdea()
    {
        IEnumerable<string> tooLong = Sources.Concat(Tests)
            .Select(file => (Lines: File.ReadLines(file).Count(), Name: Relative(file)))
            .Where(file => file.Lines > MaxLines)
            .Select(file => $"{file.Name}: {file.Lines} lines");

        Assert.Empty(tooLong);
    }

    [Fact]
    public void Folders_CanBeSurveyed()
    {
        IEnumerable<string> tooFull = Sources.GroupBy(file => Path.GetDirectoryName(Relative(file)))
            .Where(folder => folder.Count() > MaxFiles)
            .Select(folder => $"{folder.Key}: {folder.Count()} files");

        Assert.Empty(tooFull);
    }

    [Fact]
    public void Types_HaveNamesOfTheirOwn()
    {
        IEnumerable<string> shared = Sources.Select(Path.GetFileNameWithoutExtension).OfType<string>()
            .Where(name => name != "Program")
            .GroupBy(name => name).Where(group => group.Count() > 1).Select(group => group.Key);

        Assert.Empty(shared);
    }

    [Fact]
    public void TestClasses_StandWhereTheirSubjectStands()
    {
        Dictionary<string, string> folders = Sources.DistinctBy(Path.GetFileNameWithoutExtension)
            .ToDictionary(file => Path.GetFileNameWithoutExtension(file)!, FolderOfTests);

        IEnumerable<string> misplaced = Tests
            .Select(file => (File: Relative(file), Subject: SubjectOf(file)))
            .Where(test => test.Subject is not null && folders.TryGetValue(test.Subject, out string? folder)
                && Path.GetDirectoryName(test.File) != folder)
            .Select(test => $"{test.File}: want {folders[test.Subject!]}");

        Assert.Empty(misplaced);
    }

    private static string[] FilesIn(string folder) =>
    [
        .. Directory.GetFiles(Repository.PathOf(folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"))
            .Order(StringComparer.Ordinal),
    ];

    private static string Relative(string file) => Path.GetRelativePath(Repository.Root, file);

    private static string? SubjectOf(string file)
    {
        string name = Path.GetFileNameWithoutExtension(file);
        return name.EndsWith("Tests", StringComparison.Ordinal) ? name[..^"Tests".Length] : null;
    }

    /// <summary>
    /// The folder of the tests of a source file: <c>benchmarks/GreenServe.Records/Runs</c> has its tests in <c>Records/Runs</c>.
    /// </summary>
    private static string FolderOfTests(string file)
    {
        string[] parts = Relative(file).Split(Path.DirectorySeparatorChar);
        string project = parts[1]["GreenServe.".Length..];
        return Path.Combine(["tests", "GreenServe.Tests", project, .. parts[2..^1]]);
    }
}
