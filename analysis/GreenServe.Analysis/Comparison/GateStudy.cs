using GreenServe.Analysis.Metrics;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Random;

namespace GreenServe.Analysis.Comparison;

/// <summary>Tries <see cref="ComparisonRule"/>, the gate, on made-up systems whose true difference is known.</summary>
/// <remarks>
/// Each trial makes up repetitions of a baseline and of a candidate that differ by a known factor, and compares them in all metrics at
/// once. The noise between runs is log-normal with a given spread, and independent from metric to metric. Metrics that move together would
/// raise fewer false alarms, so that this is the harder case. The seed is fixed, so that the answer is the same every time.
/// </remarks>
public sealed class GateStudy
{
    // Student's t with three degrees of freedom: the heaviest tails in whole degrees that still have a variance, which is 3.
    private const double HeavyTailFreedom = 3;
    private const double HeavyTailVariance = 3;

    // What the made-up systems reach; only differences from it are judged.
    private const double Attainment = 0.97;
    private const double Level = 10;

    // Assumed spreads of other metrics as multiples of that of energy: medians of latency vary more than means over a window, tails most.
    private const double AttainmentFactor = 0.2;
    private const double MedianFactor = 2;
    private const double TailFactor = 5;
    private readonly IReadOnlyList<(GatedMetric Metric, double Spread)> metrics;
    private readonly int repetitions;
    private readonly bool isHeavyTailed;

    /// <summary>Creates a study of the false alarms and misses of a gate.</summary>
    /// <param name="metrics">
    /// The metrics, each with its spread between runs: a share of the mean (0.01 is 1 %), or a difference for a metric that is a share.
    /// </param>
    /// <param name="repetitions">Number of repetitions on each side; at least 2.</param>
    /// <param name="isHeavyTailed">
    /// Whether the noise is Student's t with three degrees of freedom, scaled to the same spread, instead of normal.
    /// </param>
    public GateStudy(IReadOnlyList<(GatedMetric Metric, double Spread)> metrics, int repetitions, bool isHeavyTailed = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(repetitions, 2);
        this.metrics = metrics;
        this.repetitions = repetitions;
        this.isHeavyTailed = isHeavyTailed;
    }

    /// <summary>Assumes the spread of every default metric where none was measured.</summary>
    /// <remarks>
    /// Energy, power and throughput spread by the given share, medians of latency by twice and tails by five times as much. Attainment
    /// spreads by a fifth of it, as a difference.
    /// </remarks>
    /// <param name="spreadRatio">Spread of energy between runs, as a share.</param>
    public static IReadOnlyList<(GatedMetric Metric, double Spread)> Assumed(double spreadRatio) =>
        [.. GatedMetric.Default.Select(metric => (metric, spreadRatio * Factor(metric)))];

    /// <summary>Counts the trials of equal systems in which the gate calls anything worse.</summary>
    /// <param name="trials">Number of trials.</param>
    /// <param name="seed">Seed of the noise.</param>
    public int FalseAlarms(int trials, ulong seed = 7)
    {
        MersenneTwister random = new((int)seed);
        return Enumerable.Range(0, trials).Count(_ => Compare(random, null, 0).Any(change => change.Verdict == ChangeVerdict.Worse));
    }

    /// <summary>Counts the trials in which the gate finds a true change of one metric for the worse.</summary>
    /// <param name="metric">Name of the metric.</param>
    /// <param name="changeRatio">The change as a share, for example 0.05.</param>
    /// <param name="trials">Number of trials.</param>
    /// <param name="seed">Seed of the noise.</param>
    public int Found(string metric, double changeRatio, int trials, ulong seed = 11)
    {
        MersenneTwister random = new((int)seed);
        return Enumerable.Range(0, trials).Count(_ => Compare(random, metric, changeRatio)
            .Any(found => found.Metric.Metric.Name == metric && found.Verdict == ChangeVerdict.Worse));
    }

    /// <summary>One trial: compares a baseline with a candidate that differs in at most one metric.</summary>
    /// <param name="random">Source of the noise.</param>
    /// <param name="changed">Name of the metric that differs; <c>null</c> for none.</param>
    /// <param name="changeRatio">The change of that metric for the worse, as a share.</param>
    internal IReadOnlyList<MetricChange> Compare(MersenneTwister random, string? changed, double changeRatio) =>
        ComparisonRule.Decide([.. metrics.Select(pair =>
        {
            MetricDefinition metric = pair.Metric.Metric;
            double worse = metric.Name != changed ? 0 : metric.Better == Direction.Higher ? -changeRatio : changeRatio;
            return new MetricSamples(pair.Metric, "", Side(random, pair, 0), Side(random, pair, worse), IsPaired: false);
        })]);

    private static double Factor(GatedMetric metric) => metric.IsAbsolute ? AttainmentFactor
        : metric.Metric.Name.Contains("_p99_", StringComparison.Ordinal) ? TailFactor
        : metric.Metric.Name.Contains("_p50_", StringComparison.Ordinal) ? MedianFactor
        : 1;

    private double[] Side(MersenneTwister random, (GatedMetric Metric, double Spread) pair, double change)
    {
        double[] values = new double[repetitions];
        for (int index = 0; index < values.Length; index++)
        {
            double standard = isHeavyTailed
                ? StudentT.Sample(random, 0, 1, HeavyTailFreedom) / Math.Sqrt(HeavyTailVariance)
                : Normal.Sample(random, 0, 1);
            double noise = pair.Spread * standard;
            values[index] = pair.Metric.IsAbsolute ? Attainment + change + noise : Level * (1 + change) * Math.Exp(noise);
        }

        return values;
    }
}
