using GreenServe.Analysis.Metrics;
using GreenServe.Analysis.Statistics;
using MathNet.Numerics.Distributions;

namespace GreenServe.Analysis.Comparison;

/// <summary>Decides whether metrics changed.</summary>
/// <remarks>
/// <para>Ratios are compared as differences of logarithms.</para>
/// <para>
/// A metric is worse or better if its corrected p-value is below the level and its effect is at least the practical threshold. It is the
/// same if the 95 % interval of its effect lies within the threshold to both sides. Anything else cannot be told.
/// </para>
/// <para>
/// The level is 2 % for all metrics of a comparison together, that is 1 % in each direction: of a hundred comparisons of equal systems at
/// most one raises an alarm.
/// </para>
/// </remarks>
public static class ComparisonRule
{
    /// <summary>Chance that a comparison of equal systems finds anything worse. It finds anything better with the same chance.</summary>
    public const double FalseAlarmProbability = 0.01;

    // The p-values are two-sided, so that their level covers both directions.
    private const double Level = 2 * FalseAlarmProbability;

    private const double Confidence = MeanInterval.DefaultConfidence;

    // Nobody runs a point more often than this; a change that needs more is reported as out of reach.
    private const int MaxRepetitions = 1000;

    /// <summary>Decides about every metric of every operating point. The correction covers all of them together.</summary>
    /// <param name="samples">The values of each metric at each point.</param>
    /// <returns>One change for each entry, in the same order.</returns>
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
            Reason = sample.Reason ?? (few
                ? "one repetition has no spread; run at least two on each side"
                : "a value is not positive, so there is no ratio"),
        };
    }

    /// <summary>The smallest number of repetitions a side that would decide at this spread; <c>null</c> if none in reach would.</summary>
    /// <remarks>An effect of at least the threshold must become certain. The interval of a smaller one must fit the threshold.</remarks>
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

        // More repetitions never tell less, so that the smallest number is found by halving.
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
