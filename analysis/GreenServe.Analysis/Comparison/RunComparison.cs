using GreenServe.Analysis.Grids;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Tables;

namespace GreenServe.Analysis.Comparison;

/// <summary>Compares repeated runs of a baseline with those of a candidate.</summary>
public static class RunComparison
{
    // A note quotes this many reasons and a problem this many names: enough to see what is wrong.
    private const int ReasonsInANote = 3;
    private const int NamesInAProblem = 5;

    /// <summary>Compares all operating points that both sides have.</summary>
    /// <param name="baseline">Runs of the baseline; at least one.</param>
    /// <param name="candidate">Runs of the candidate; at least one.</param>
    /// <param name="metrics">The metrics to compare; <c>null</c> for <see cref="GatedMetric.Default"/>.</param>
    /// <exception cref="InvalidInputException">The sides are of different evidence or workloads, or have no point in common.</exception>
    public static ComparisonReport Of(
        IReadOnlyList<ExperimentRun> baseline, IReadOnlyList<ExperimentRun> candidate, IReadOnlyList<GatedMetric>? metrics = null)
    {
        RequireSameEvidence(baseline, candidate);
        IReadOnlyDictionary<string, OperatingPointRuns> before = OperatingPointRuns.Group(baseline);
        IReadOnlyDictionary<string, OperatingPointRuns> after = OperatingPointRuns.Group(candidate);
        string[] common = [.. before.Keys.Where(after.ContainsKey)];
        RequireCommonPoints(before, after, common);
        RequireSameWorkloads(before, after, common);

        MetricSamples[] samples = [.. common.SelectMany(point => (metrics ?? GatedMetric.Default)
            .Select(metric => SamplesOf(metric, before[point], after[point])).OfType<MetricSamples>())];
        IReadOnlyList<MetricChange> changes = ComparisonRule.Decide(samples);
        LostResult[] lost = [.. before.Values.Where(point => point.Valid.Count > 0).SelectMany(point => LostIn(after, point.Name))];
        return new ComparisonReport
        {
            Changes = changes,
            Differences = [.. common.SelectMany(point => OperatingPointRuns.Setting(before[point].Manifest, after[point].Manifest))
                .Distinct().Select(difference => $"{difference.Path[2..]}: {difference.First} -> {difference.Second}")],
            Notes = [.. Notes(before, after, common), .. ComparisonReport.NotesOn(changes)],
            Lost = lost,
            Evidence = EnumText.Of(baseline[0].Metrics.Manifest.Evidence),
        };
    }

    private static IEnumerable<LostResult> LostIn(IReadOnlyDictionary<string, OperatingPointRuns> after, string point) =>
        !after.TryGetValue(point, out OperatingPointRuns? runs) ? [new LostResult(point, LostResult.Vanished)]
        : runs.Valid.Count == 0 ? [new LostResult(point, LostResult.Failed)]
        : [];

    private static MetricSamples? SamplesOf(GatedMetric metric, OperatingPointRuns before, OperatingPointRuns after)
    {
        Sample[] Samples(OperatingPointRuns point) =>
            [.. point.Valid.Select(run => new Sample(run.Metrics.Manifest.Seed, metric.Metric.Read(run.Metrics)))];
        return MetricSamples.Match(metric, before.Name, Samples(before), Samples(after));
    }

    private static IEnumerable<string> Notes(
        IReadOnlyDictionary<string, OperatingPointRuns> before, IReadOnlyDictionary<string, OperatingPointRuns> after, string[] common)
    {
        (string Name, IReadOnlyDictionary<string, OperatingPointRuns> Points)[] sides = [("baseline", before), ("candidate", after)];
        foreach ((string side, IReadOnlyDictionary<string, OperatingPointRuns> points) in sides)
        {
            string[] only = [.. points.Keys.Except(common)];
            if (only.Length > 0)
            {
                yield return $"only in the {side}: {string.Join("; ", only)}";
            }
        }

        foreach ((string side, IReadOnlyDictionary<string, OperatingPointRuns> points) in sides)
        {
            int invalid = common.Sum(point => points[point].Runs.Count - points[point].Valid.Count);
            if (invalid > 0)
            {
                IEnumerable<string> reasons = common.SelectMany(point => points[point].Runs).SelectMany(run => run.Metrics.Reasons)
                    .Select(reason => reason.Message).Distinct().Take(ReasonsInANote);
                yield return $"{invalid} invalid runs of the {side} were left out: {string.Join("; ", reasons)}";
            }
        }
    }

    private static void RequireSameEvidence(IReadOnlyList<ExperimentRun> baseline, IReadOnlyList<ExperimentRun> candidate)
    {
        EvidenceKind expected = baseline[0].Metrics.Manifest.Evidence;
        string allowed = $"{EnumText.Of(expected)} as in {baseline[0].Folder}";
        Problem[] problems = [.. baseline.Concat(candidate)
            .Where(run => run.Metrics.Manifest.Evidence != expected)
            .Select(run => new Problem(
                "$.evidence", EnumText.Of(run.Metrics.Manifest.Evidence), allowed, Path.Combine(run.Folder, RunFiles.Manifest)))];
        if (problems.Length > 0)
        {
            throw new InvalidInputException(problems);
        }
    }

    private static void RequireCommonPoints(
        IReadOnlyDictionary<string, OperatingPointRuns> before, IReadOnlyDictionary<string, OperatingPointRuns> after, string[] common)
    {
        if (common.Length == 0)
        {
            string Names(IReadOnlyDictionary<string, OperatingPointRuns> points) =>
                string.Join("; ", points.Keys.Select(name => name.Length > 0 ? name : "runs outside an experiment").Take(NamesInAProblem));
            throw new InvalidInputException(new Problem("candidate", Names(after), $"operating points of the baseline: {Names(before)}"));
        }
    }

    private static void RequireSameWorkloads(
        IReadOnlyDictionary<string, OperatingPointRuns> before, IReadOnlyDictionary<string, OperatingPointRuns> after, string[] common)
    {
        Problem[] problems = [.. common.SelectMany(point => OperatingPointRuns.Differences(before[point].Runs[0], after[point].Runs[0])
            .Where(difference => difference.Path.StartsWith("$.workload", StringComparison.Ordinal)
                && difference.Path != "$.workload.model")
            .Select(difference => new Problem(
                difference.Path, difference.Second, $"{difference.First} as in the baseline; different workloads cannot be compared",
                Path.Combine(after[point].Runs[0].Folder, RunFiles.Manifest))))];
        if (problems.Length > 0)
        {
            throw new InvalidInputException(problems);
        }
    }
}
