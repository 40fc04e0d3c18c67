using GreenServe.Analysis.Metrics;
using GreenServe.Analysis.Statistics;
using MathNet.Numerics.Distributions;

namespace GreenServe.Analysis.Comparison;

/// <summary>Decides whether metrics changed.</summary>
/// <remarks>
/// Ratios are compared as differences of logarithms. Worse or better: the corrected p-value is below the level and the effect at least
/// the practical threshold. Same: the 95 % interval of the effect lies within the threshold to both sides. Everything else cannot be told.
/// The level is 2 % for all metrics of a comparison together, 1 % in each direction: at most one comparison of equal systems in a hundred
/// raises an alarm.
/// </remarks>
public static class ComparisonRule
{
    /// <summary>Chance that a whole comparison of equal systems finds anything worse; that it finds anything better is as likely.</summary>
    public const double FalseAlarmRate = 0.01;

    // Both directions together: p-values are two-sided.
    private const double Level = 2 * FalseAlarmRate;

    private const double Confidence = 0.95;
    private const int MaxRepetitions = 1000;

    /// <summary>Compares every metric of every point; the correction covers all of them.</summary>
    public static IReadOnlyList<MetricChange> Decide(IReadOnlyList<MetricSamples> samples)
    {
        TwoSampleTest?[] tests = [.. samples.Select(Test)];
        int[] tested = [.. Enumerable.Range(0, samples.Count).Where(index => tests[index] is not null)];
        IReadOnlyList<double> adjusted = HolmCorrection.Adjust([.. tested.Select(index => tests[index]!.PValue)]);
        Dictionary<int, double> adjustedOf = tested.Zip(adjusted).ToDictionary(pair => pair.First, pair => pair.Second);
        return [.. samples.Select((sample, index) => tests[index] is { } test
            ? Decide(sample, test, adjustedOf[index], tested.Length)
            : Untestable(sample))];
    }

    private static TwoSampleTest? Test(MetricSamples sample)
    {
        if (!sample.Metric.IsAbsolute && sample.Baseline.Concat(sample.Candidate).Any(value => value <= 0))
        {
            return null;
        }

        double[] baseline = [.. sample.Baseline.Select(value => Transform(sample.Metric, value))];
        double[] candidate = [.. sample.Candidate.Select(value => Transform(sample.Metric, value))];
        return sample.IsPaired ? TwoSampleTest.Paired(baseline, candidate) : TwoSampleTest.Welch(baseline, candidate);
    }

    private static MetricChange Decide(MetricSamples sample, TwoSampleTest test, double adjusted, int tests)
    {
        GatedMetric metric = sample.Metric;
        double half = test.HalfWidth(Confidence);
        double effect = Effect(metric, test.Difference);
        (double low, double high) = (Effect(metric, test.Difference - half), Effect(metric, test.Difference + half));
        bool isRelevant = Math.Abs(effect) >= metric.Threshold;
        bool isCertain = adjusted < Level;
        ChangeVerdict verdict =
            isCertain && isRelevant ? (IsWorse(metric.Metric, effect) ? ChangeVerdict.Worse : ChangeVerdict.Better)
            : low >= -metric.Threshold && high <= metric.Threshold ? ChangeVerdict.Same
            : ChangeVerdict.CannotTell;
        return new MetricChange
        {
            Metric = metric,
            Point = sample.Point,
            Verdict = verdict,
            Repetitions = (sample.Baseline.Count, sample.Candidate.Count),
            Baseline = Mean(metric, sample.Baseline),
            Candidate = Mean(metric, sample.Candidate),
            Effect = effect,
            Low = low,
            High = high,
            PValue = test.PValue,
            AdjustedPValue = adjusted,
            IsPaired = sample.IsPaired,
            RepetitionsNeeded = verdict == ChangeVerdict.CannotTell ? Needed(sample, test, tests) : null,
        };
    }

    private static MetricChange Untestable(MetricSamples sample)
    {
        bool few = sample.Reason is null && (sample.Baseline.Count < 2 || sample.Candidate.Count < 2);
        return new MetricChange
        {
            Metric = sample.Metric,
            Point = sample.Point,
            Verdict = ChangeVerdict.CannotTell,
            Repetitions = (sample.Baseline.Count, sample.Candidate.Count),
            Baseline = sample.Baseline.Count > 0 ? sample.Baseline.Average() : null,
            Candidate = sample.Candidate.Count > 0 ? sample.Candidate.Average() : null,
            IsPaired = sample.IsPaired,
            Reason = sample.Reason ?? (few ? "one repetition has no spread; run at least two on each side" : "a value is not positive, so there is no ratio"),
        };
    }

    /// <summary>Repetitions a side after which the same spread would decide: the interval leaves the threshold, or 0, behind.</summary>
    private static int? Needed(MetricSamples sample, TwoSampleTest test, int tests)
    {
        double threshold = Transform(sample.Metric, sample.Metric.IsAbsolute ? sample.Metric.Threshold : 1 + sample.Metric.Threshold);
        double distance = Math.Abs(test.Difference);
        bool isRelevant = distance >= threshold;
        double wanted = isRelevant ? distance : threshold - distance;
        double tail = isRelevant ? Level / Math.Max(1, tests) / 2 : (1 - Confidence) / 2;
        int present = Math.Min(sample.Baseline.Count, sample.Candidate.Count);
        double spread = test.StandardError * Math.Sqrt(present);
        bool Tells(int repetitions) => spread / Math.Sqrt(repetitions)
            * -StudentT.InvCDF(0, 1, test.DegreesOfFreedom * (repetitions - 1) / (present - 1), tail) <= wanted;

        // More repetitions never tell less, so the fewest are found by halving.
        (int few, int enough) = (present, MaxRepetitions);
        if (!Tells(enough))
        {
            return null;
        }

        while (enough - few > 1)
        {
            int middle = (few + enough) / 2;
            (few, enough) = Tells(middle) ? (few, middle) : (middle, enough);
        }

        return enough;
    }

    private static bool IsWorse(MetricDefinition metric, double effect) => metric.Better == Direction.Higher ? effect < 0 : effect > 0;

    private static double Transform(GatedMetric metric, double value) => metric.IsAbsolute ? value : Math.Log(value);

    private static double Effect(GatedMetric metric, double difference) => metric.IsAbsolute ? difference : Math.Exp(difference) - 1;

    private static double Mean(GatedMetric metric, IReadOnlyList<double> values) =>
        metric.IsAbsolute ? values.Average() : Math.Exp(values.Average(Math.Log));
}
