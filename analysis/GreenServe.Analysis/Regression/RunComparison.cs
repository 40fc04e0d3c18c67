using GreenServe.Analysis.Artifacts;
using GreenServe.Records;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Regression;

/// <summary>Compares repeated runs of a baseline with those of a candidate.</summary>
public static class RunComparison
{
    /// <summary>Compares all operating points that both sides have.</summary>
    /// <param name="baseline">Runs of the baseline.</param>
    /// <param name="candidate">Runs of the candidate.</param>
    /// <param name="metrics">What to compare; <see cref="GatedMetric.Default"/> unless told otherwise.</param>
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
        return new ComparisonReport
        {
            Changes = ComparisonRule.Decide(samples),
            Differences = [.. common.SelectMany(point => OperatingPointRuns.Setting(before[point].Manifest, after[point].Manifest))
                .Distinct().Select(difference => $"{difference.Path[2..]}: {difference.First} -> {difference.Second}")],
            Notes = [.. Notes(before, after, common)],
            LostPoints = [.. common.Where(point => before[point].Valid.Count > 0 && after[point].Valid.Count == 0).Select(point => point.Length > 0 ? point : "the candidate")],
            Evidence = EnumText.Of(baseline[0].Metrics.Manifest.Evidence),
        };
    }

    /// <summary>The values of a metric on both sides; nothing where neither side has any.</summary>
    private static MetricSamples? SamplesOf(GatedMetric metric, OperatingPointRuns before, OperatingPointRuns after)
    {
        double[] Values(IReadOnlyList<ExperimentRun> runs) => [.. runs.Select(run => metric.Metric.Read(run.Metrics).Value).OfType<double>()];
        string? WhyNot(IReadOnlyList<ExperimentRun> runs) => runs.Count == 0
            ? "no valid run"
            : runs.Select(run => metric.Metric.Read(run.Metrics).NotMeasured).FirstOrDefault(reason => reason is not null);

        if (Pairs(before, after) is { } pairs)
        {
            (double Before, double After)[] both = [.. pairs
                .Select(pair => (Before: metric.Metric.Read(pair.Before.Metrics).Value, After: metric.Metric.Read(pair.After.Metrics).Value))
                .Where(pair => pair is { Before: not null, After: not null }).Select(pair => (pair.Before!.Value, pair.After!.Value))];
            if (both.Length >= 2)
            {
                return new MetricSamples(metric, before.Name, [.. both.Select(pair => pair.Before)], [.. both.Select(pair => pair.After)], IsPaired: true);
            }
        }

        (double[] first, double[] second) = (Values(before.Valid), Values(after.Valid));
        if (first.Length == 0 && second.Length == 0)
        {
            return null;
        }

        string? reason = first.Length == 0 ? $"not measured in the baseline: {WhyNot(before.Valid)}"
            : second.Length == 0 ? $"not measured in the candidate: {WhyNot(after.Valid)}"
            : null;
        return new MetricSamples(metric, before.Name, first, second, IsPaired: false, reason);
    }

    /// <summary>Runs with the same seed on both sides; nothing unless every seed stands once on each side.</summary>
    private static (ExperimentRun Before, ExperimentRun After)[]? Pairs(OperatingPointRuns before, OperatingPointRuns after)
    {
        static ulong[] Seeds(OperatingPointRuns point) => [.. point.Valid.Select(run => run.Metrics.Manifest.Seed).Order()];
        ulong[] seeds = Seeds(before);
        if (seeds.Length < 2 || seeds.Distinct().Count() != seeds.Length || !seeds.SequenceEqual(Seeds(after)))
        {
            return null;
        }

        Dictionary<ulong, ExperimentRun> afterBySeed = after.Valid.ToDictionary(run => run.Metrics.Manifest.Seed);
        return [.. before.Valid.Select(run => (run, afterBySeed[run.Metrics.Manifest.Seed]))];
    }

    private static IEnumerable<string> Notes(
        IReadOnlyDictionary<string, OperatingPointRuns> before, IReadOnlyDictionary<string, OperatingPointRuns> after, string[] common)
    {
        foreach ((string side, IEnumerable<string> only) in new[] { ("baseline", before.Keys.Except(common)), ("candidate", after.Keys.Except(common)) })
        {
            if (only.Any())
            {
                yield return $"only in the {side}: {string.Join("; ", only)}";
            }
        }

        foreach ((string side, IReadOnlyDictionary<string, OperatingPointRuns> points) in new[] { ("baseline", before), ("candidate", after) })
        {
            int invalid = common.Sum(point => points[point].Runs.Count - points[point].Valid.Count);
            if (invalid > 0)
            {
                string reasons = string.Join("; ", common.SelectMany(point => points[point].Runs).SelectMany(run => run.Metrics.Reasons)
                    .Select(reason => reason.Message).Distinct().Take(3));
                yield return $"{invalid} invalid runs of the {side} were left out: {reasons}";
            }
        }
    }

    private static void RequireSameEvidence(IReadOnlyList<ExperimentRun> baseline, IReadOnlyList<ExperimentRun> candidate)
    {
        EvidenceKind expected = baseline[0].Metrics.Manifest.Evidence;
        Problem[] problems = [.. baseline.Concat(candidate).Where(run => run.Metrics.Manifest.Evidence != expected).Select(run => new Problem(
            "$.evidence", EnumText.Of(run.Metrics.Manifest.Evidence), $"{EnumText.Of(expected)} as in {baseline[0].Folder}", Path.Combine(run.Folder, RunFiles.Manifest)))];
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
                string.Join("; ", points.Keys.Select(name => name.Length > 0 ? name : "runs outside an experiment").Take(5));
            throw new InvalidInputException(new Problem("candidate", Names(after), $"operating points of the baseline: {Names(before)}"));
        }
    }

    private static void RequireSameWorkloads(
        IReadOnlyDictionary<string, OperatingPointRuns> before, IReadOnlyDictionary<string, OperatingPointRuns> after, string[] common)
    {
        Problem[] problems = [.. common.SelectMany(point => OperatingPointRuns.Differences(before[point].Runs[0], after[point].Runs[0])
            .Where(difference => difference.Path.StartsWith("$.workload", StringComparison.Ordinal) && difference.Path != "$.workload.model")
            .Select(difference => new Problem(
                difference.Path, difference.Second, $"{difference.First} as in the baseline; different workloads cannot be compared",
                Path.Combine(after[point].Runs[0].Folder, RunFiles.Manifest))))];
        if (problems.Length > 0)
        {
            throw new InvalidInputException(problems);
        }
    }
}
