using GreenServe.Analysis.Grids;
using GreenServe.Records.Documents;

namespace GreenServe.Analysis.Comparison.Pages;

/// <summary>A set of records on the page of a comparison.</summary>
/// <param name="Name">Its name on the page: the end of its folder's path that no other set has.</param>
/// <param name="Runs">Its runs; at least one. INVALID ones are in no number.</param>
/// <param name="Report">How it compares with the first set; <c>null</c> for the first set, the baseline.</param>
public sealed record ComparedSet(string Name, IReadOnlyList<ExperimentRun> Runs, ComparisonReport? Report)
{
    /// <summary>Name with the evidence kind, as legends show it.</summary>
    internal string Label => $"{Name} ({Evidence})";

    /// <summary>Evidence kind of every run of the set.</summary>
    internal string Evidence => EnumText.Of(Runs[0].Metrics.Manifest.Evidence);

    /// <summary>Runs that are in no number.</summary>
    internal IEnumerable<ExperimentRun> Invalid => Runs.Where(run => !run.Metrics.IsValid);

    /// <summary>Names for folders: for each the shortest end of its path that no other has.</summary>
    /// <param name="folders">The folders.</param>
    /// <returns>A name for each, in the same order. Folders that are the same are numbered.</returns>
    public static IReadOnlyList<string> NamesOf(IReadOnlyList<string> folders)
    {
        string[][] parts = [.. folders.Select(folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))
            .Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))];
        for (int length = 1; length <= parts.Max(path => path.Length); length++)
        {
            string[] names = [.. parts.Select(path => string.Join('/', path.TakeLast(length)))];
            if (names.Distinct().Count() == names.Length)
            {
                return names;
            }
        }

        return [.. parts.Select((path, index) => FormattableString.Invariant($"{path.LastOrDefault("records")} #{index + 1}"))];
    }
}
