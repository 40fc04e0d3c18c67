using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Artifacts;

/// <summary>Which names an experiment may have whose artifact is called like it, and which its axes may have.</summary>
internal static class GridNames
{
    private const int MaxLetters = 80;
    private const int MaxAxisLetters = 60;

    // The column form of a figure is called NAME.column.svg.
    private const string ColumnEnding = ".column";

    // Names that Windows gives to devices, whatever ending a file has.
    private static readonly HashSet<string> Devices = new(
        ["con", "prn", "aux", "nul", .. Enumerable.Range(1, 9).SelectMany(number => new[] { $"com{number}", $"lpt{number}" })],
        StringComparer.OrdinalIgnoreCase);

    // File systems that do not tell capitals from small letters would put two artifacts into one file.
    private static readonly Lazy<HashSet<string>> Taken = new(
        () => new HashSet<string>(
            [
                .. ArtifactCatalog.ReportOrder,
                .. ArtifactCatalog.ReportOrder.SelectMany(name => GridArtifact.Endings.Select(ending => name + ending)),
                .. ArtifactCatalog.All.SelectMany(DerivedTables),
                .. new[] { PredictionArtifact.Name, PredictionArtifact.TwinName }
                    .SelectMany(name => new[] { $"{name}-points", $"{name}-ratios" }),
            ],
            StringComparer.OrdinalIgnoreCase));

    private static readonly Lazy<HashSet<string>> Columns = new(() =>
        [
            .. GridTable.Empty("", []).Columns.Select(column => column.Name)
                .Except(GridColumns.Identities.Select(identity => identity.Definition.Name)),
        ]);

    /// <summary>What a name must be, in words that follow "want".</summary>
    internal const string AllowedName =
        "a name for files: 1 to 80 letters, digits, dots, dashes or underscores, that begins with a letter or a digit, does not end "
        + "in a dot or in .column, and is no name of a device such as con";

    /// <summary>What the name of an axis must be, in words that follow "want".</summary>
    internal const string AllowedAxis =
        "a name of 1 to 60 letters without control signs, colons and semicolons, which is no column that every table has";

    /// <summary>Why an experiment without an artifact cannot have a name, in words that follow "want"; <c>null</c> if it can.</summary>
    internal static string? Refusal(string name) => !IsFileName(name) ? AllowedName
        : FilesOf(name).FirstOrDefault(Taken.Value.Contains) is { } taken
            ? $"another name, or the artifact that the experiment is for: the suite's own files are called {taken.ToLowerInvariant()}"
        : null;

    /// <summary>Whether a name can be that of files on every system.</summary>
    internal static bool IsFileName(string name) =>
        name.Length is > 0 and <= MaxLetters && char.IsAsciiLetterOrDigit(name[0]) && name[^1] != '.'
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_')
        && !name.EndsWith(ColumnEnding, StringComparison.OrdinalIgnoreCase)
        && !Devices.Contains(name.Split('.', 2)[0]);

    /// <summary>Whether the table of a grid can have a column for an axis of a name.</summary>
    internal static bool IsAxis(string name) =>
        name.Length is > 0 and <= MaxAxisLetters && name.Trim().Length == name.Length
        && !name.Any(letter => char.IsControl(letter) || letter is ':' or ';') && !Columns.Value.Contains(name);

    /// <summary>The names of the files that the artifact of an experiment has, without their endings.</summary>
    internal static IEnumerable<string> FilesOf(string name) => GridArtifact.Endings.Select(ending => name + ending);

    private static IEnumerable<string> DerivedTables(Artifact artifact)
    {
        ResultTable table = GridTable.Empty(artifact.Name, artifact.Axes);
        return artifact.Companions.Prepend(artifact).SelectMany(one => one.Derive(table)).Select(derived => derived.Name);
    }
}
