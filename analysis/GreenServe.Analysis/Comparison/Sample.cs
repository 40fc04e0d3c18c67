using GreenServe.Analysis.Metrics;

namespace GreenServe.Analysis.Comparison;

/// <summary>One metric of one valid run.</summary>
/// <param name="Seed">Seed of its workload; runs of equal seed on both sides are a pair.</param>
/// <param name="Reading">The number, or why there is none.</param>
internal readonly record struct Sample(ulong Seed, Reading Reading)
{
    /// <summary>The values of both sides: pairs where every seed stands once on each; otherwise every value by itself.</summary>
    /// <returns>Nothing where neither side has a value.</returns>
    internal static MetricSamples? Match(GatedMetric metric, string point, IReadOnlyList<Sample> before, IReadOnlyList<Sample> after)
    {
        if (Pairs(before, after) is { Length: >= 2 } pairs)
        {
            return new MetricSamples(metric, point, [.. pairs.Select(pair => pair.Before)], [.. pairs.Select(pair => pair.After)], IsPaired: true);
        }

        double[] first = [.. before.Select(sample => sample.Reading.Value).OfType<double>()];
        double[] second = [.. after.Select(sample => sample.Reading.Value).OfType<double>()];
        if (first.Length == 0 && second.Length == 0)
        {
            return null;
        }

        string? reason = first.Length == 0 ? $"not measured in the baseline: {NotComparableReason(before)}"
            : second.Length == 0 ? $"not measured in the candidate: {NotComparableReason(after)}"
            : null;
        return new MetricSamples(metric, point, first, second, IsPaired: false, reason);
    }

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

    private static string NotComparableReason(IReadOnlyList<Sample> side) => side.Count == 0
        ? "no valid run"
        : side.Select(sample => sample.Reading.NotMeasured).First(reason => reason is not null)!;
}
