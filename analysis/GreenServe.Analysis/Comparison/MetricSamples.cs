using GreenServe.Analysis.Metrics;

namespace GreenServe.Analysis.Comparison;

/// <summary>The values of one metric at one operating point, on both sides of a comparison.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Point">The operating point in words; empty when there is only one.</param>
/// <param name="Baseline">One value for each run of the baseline, in the metric's unit.</param>
/// <param name="Candidate">One value for each run of the candidate, in the metric's unit.</param>
/// <param name="IsPaired">Whether values at the same index come from runs of the same workload and seed.</param>
/// <param name="Reason">Why a side has no values; <c>null</c> where both sides have values.</param>
public sealed record MetricSamples(
    GatedMetric Metric,
    string Point,
    IReadOnlyList<double> Baseline,
    IReadOnlyList<double> Candidate,
    bool IsPaired,
    string? Reason = null)
{
    /// <summary>Brings the runs of both sides together, in pairs where every seed occurs once on each side.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="point">The operating point in words; empty when there is only one.</param>
    /// <param name="before">The metric of each valid run of the baseline.</param>
    /// <param name="after">The metric of each valid run of the candidate.</param>
    /// <returns><c>null</c> where neither side has a value.</returns>
    internal static MetricSamples? Match(GatedMetric metric, string point, IReadOnlyList<Sample> before, IReadOnlyList<Sample> after)
    {
        if (Pairs(before, after) is { Length: >= 2 } pairs)
        {
            return new MetricSamples(
                metric, point, [.. pairs.Select(pair => pair.Before)], [.. pairs.Select(pair => pair.After)], IsPaired: true);
        }

        double[] first = [.. before.Select(sample => sample.Reading.Value).OfType<double>()];
        double[] second = [.. after.Select(sample => sample.Reading.Value).OfType<double>()];
        if (first.Length == 0 && second.Length == 0)
        {
            return null;
        }

        string? reason = first.Length == 0 ? $"not measured in the baseline: {NotMeasuredReason(before)}"
            : second.Length == 0 ? $"not measured in the candidate: {NotMeasuredReason(after)}"
            : null;
        return new MetricSamples(metric, point, first, second, IsPaired: false, reason);
    }

    /// <summary>The values of runs of equal seed on both sides; empty unless every seed occurs once on each side.</summary>
    private static (double Before, double After)[] Pairs(IReadOnlyList<Sample> before, IReadOnlyList<Sample> after)
    {
        static ulong[] Seeds(IReadOnlyList<Sample> side) => [.. side.Select(sample => sample.Seed).Order()];
        ulong[] seeds = Seeds(before);
        if (seeds.Distinct().Count() != seeds.Length || !seeds.SequenceEqual(Seeds(after)))
        {
            return [];
        }

        Dictionary<ulong, Reading> afterBySeed = after.ToDictionary(sample => sample.Seed, sample => sample.Reading);
        return [.. before.Select(sample => (Before: sample.Reading.Value, After: afterBySeed[sample.Seed].Value))
            .Where(pair => pair is { Before: not null, After: not null }).Select(pair => (pair.Before!.Value, pair.After!.Value))];
    }

    private static string NotMeasuredReason(IReadOnlyList<Sample> side) => side.Count == 0
        ? "no valid run"
        : side.Select(sample => sample.Reading.NotMeasured).First(reason => reason is not null)!;
}

/// <summary>The value of one metric in one valid run.</summary>
/// <param name="Seed">Seed of the run's workload. Runs of equal seed on both sides of a comparison are a pair.</param>
/// <param name="Reading">The metric, or the reason why the run does not have it.</param>
internal readonly record struct Sample(ulong Seed, Reading Reading);
