using GreenServe.Analysis.Comparison.History;
using GreenServe.Analysis.Metrics;
using GreenServe.Records;

namespace GreenServe.Analysis.Comparison;

/// <summary>Compares runs with a label of a history file, which is a baseline that fits into a repository.</summary>
/// <remarks>
/// A series names evidence, system, model, precision, workload (with a digest of what it asks), knobs and grid point, so that equal series
/// are the same workload at the same operating point. Versions and hosts may differ, because they are what is compared.
/// </remarks>
public static class HistoryComparison
{
    // A problem quotes this many series of each side: enough to see what is compared.
    private const int SeriesInAProblem = 3;

    /// <summary>Compares all series that both sides have.</summary>
    /// <param name="baseline">Entries of one label.</param>
    /// <param name="candidate">Entries of the runs to judge, from <see cref="HistoryFile.EntriesOf"/>.</param>
    /// <param name="metrics">The metrics to compare; <c>null</c> for <see cref="GatedMetric.Default"/>.</param>
    /// <exception cref="InvalidInputException">The sides have no series in common.</exception>
    public static ComparisonReport Of(
        IReadOnlyList<HistoryEntry> baseline, IReadOnlyList<HistoryEntry> candidate, IReadOnlyList<GatedMetric>? metrics = null)
    {
        ILookup<string, HistoryEntry> before = baseline.ToLookup(entry => entry.Series);
        ILookup<string, HistoryEntry> after = candidate.ToLookup(entry => entry.Series);
        string[] common = [.. before.Select(group => group.Key).Where(after.Contains)];
        if (common.Length == 0)
        {
            string Names(ILookup<string, HistoryEntry> side) =>
                string.Join("; ", side.Select(group => group.Key).Take(SeriesInAProblem));
            throw new InvalidInputException(new Problem("candidate", Names(after), $"a series of the baseline: {Names(before)}"));
        }

        MetricSamples? SamplesOf(string series, GatedMetric metric) =>
            MetricSamples.Match(metric, series, Samples(before[series], metric.Metric), Samples(after[series], metric.Metric));
        IReadOnlyList<MetricChange> changes = ComparisonRule.Decide([.. common.SelectMany(
            series => (metrics ?? GatedMetric.Default).Select(metric => SamplesOf(series, metric)).OfType<MetricSamples>())]);
        LostResult[] lost = [.. before.Where(series => series.Any(entry => entry.IsValid)).SelectMany(series => LostIn(after, series.Key))];
        return new ComparisonReport
        {
            Changes = changes,
            Differences = [],
            Notes =
            [
                .. OnlyIn("baseline", before, common), .. OnlyIn("candidate", after, common),
                .. Invalid("baseline", common.SelectMany(series => before[series])),
                .. Invalid("candidate", common.SelectMany(series => after[series])),
                .. ComparisonReport.NotesOn(changes),
            ],
            Lost = lost,
            Evidence = string.Join(", ", common.Select(series => series.Split(' ')[0]).Distinct()),
        };
    }

    private static IEnumerable<LostResult> LostIn(ILookup<string, HistoryEntry> after, string series) =>
        !after.Contains(series) ? [new LostResult(series, LostResult.Vanished)]
        : after[series].All(entry => !entry.IsValid) ? [new LostResult(series, LostResult.Failed)]
        : [];

    private static Sample[] Samples(IEnumerable<HistoryEntry> entries, MetricDefinition metric) =>
        [.. entries.Where(entry => entry.IsValid).Select(entry => new Sample(entry.Seed, ReadingOf(entry, metric)))];

    private static Reading ReadingOf(HistoryEntry entry, MetricDefinition metric) =>
        entry.Metrics.TryGetValue(metric.Name, out double value) ? Reading.Of(value) : Reading.Missing("the run has no such number");

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
