using GreenServe.Analysis.Comparison.History;
using GreenServe.Analysis.Metrics;
using GreenServe.Records;

namespace GreenServe.Analysis.Comparison;

/// <summary>Compares runs with a label of a history file: a baseline that fits into a repository.</summary>
/// <remarks>
/// A series names evidence, system, model, precision, workload (with a digest of what it asks), knobs and grid point, so that equal series are the
/// same workload at the same operating point. Versions and hosts may differ: that is what is compared.
/// </remarks>
public static class HistoryComparison
{
    /// <summary>Compares all series that both sides have.</summary>
    /// <param name="baseline">Entries of one label.</param>
    /// <param name="candidate">Entries of the runs to judge, from <see cref="HistoryFile.EntriesOf"/>.</param>
    /// <param name="metrics">What to compare; <see cref="GatedMetric.Default"/> unless told otherwise.</param>
    /// <exception cref="InvalidInputException">The sides have no series in common.</exception>
    public static ComparisonReport Of(
        IReadOnlyList<HistoryEntry> baseline, IReadOnlyList<HistoryEntry> candidate, IReadOnlyList<GatedMetric>? metrics = null)
    {
        ILookup<string, HistoryEntry> before = baseline.ToLookup(entry => entry.Series);
        ILookup<string, HistoryEntry> after = candidate.ToLookup(entry => entry.Series);
        string[] common = [.. before.Select(group => group.Key).Where(after.Contains)];
        if (common.Length == 0)
        {
            throw new InvalidInputException(new Problem(
                "candidate", string.Join("; ", after.Select(group => group.Key).Take(3)),
                $"a series of the baseline: {string.Join("; ", before.Select(group => group.Key).Take(3))}"));
        }

        IReadOnlyList<MetricChange> changes = ComparisonRule.Decide([.. common.SelectMany(series => (metrics ?? GatedMetric.Default)
            .Select(metric => Sample.Match(metric, series, Samples(before[series], metric.Metric), Samples(after[series], metric.Metric))).OfType<MetricSamples>())]);
        return new ComparisonReport
        {
            Changes = changes,
            Differences = [],
            Notes =
            [
                .. OnlyIn("baseline", before, common), .. OnlyIn("candidate", after, common),
                .. Invalid("baseline", common.SelectMany(series => before[series])), .. Invalid("candidate", common.SelectMany(series => after[series])),
                .. ComparisonReport.NotesOn(changes),
            ],
            LostPoints = [.. common.Where(series => before[series].Any(entry => entry.IsValid) && !after[series].Any(entry => entry.IsValid))],
            Evidence = string.Join(", ", common.Select(series => series.Split(' ')[0]).Distinct()),
        };
    }

    private static Sample[] Samples(IEnumerable<HistoryEntry> entries, MetricDefinition metric) => [.. entries.Where(entry => entry.IsValid)
        .Select(entry => new Sample(entry.Seed, Reading.From(entry.Metrics.TryGetValue(metric.Name, out double value) ? value : null, "the run has no such number")))];

    private static IEnumerable<string> OnlyIn(string side, ILookup<string, HistoryEntry> entries, string[] common)
    {
        string[] only = [.. entries.Select(group => group.Key).Except(common)];
        return only.Length > 0 ? [$"only in the {side}: {string.Join("; ", only)}"] : [];
    }

    private static IEnumerable<string> Invalid(string side, IEnumerable<HistoryEntry> entries)
    {
        int invalid = entries.Count(entry => !entry.IsValid);
        return invalid > 0 ? [$"{invalid} invalid runs of the {side} were left out"] : [];
    }
}
