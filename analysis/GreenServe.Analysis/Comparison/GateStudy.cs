using MathNet.Numerics.Distributions;
using MathNet.Numerics.Random;

namespace GreenServe.Analysis.Comparison;

/// <summary>Tries the gate of <see cref="ComparisonRule"/> on systems whose truth is known.</summary>
/// <remarks>
/// Each trial makes repetitions of a baseline and a candidate that differ by a known factor, with log-normal noise of a given spread between runs,
/// independent from metric to metric (metrics that move together raise fewer false alarms, so this is the harder case), and runs the whole
/// comparison on all of them at once. Fixed seed: the same answer every time.
/// </remarks>
public sealed class GateStudy
{
    private const double HeavyTailFreedom = 3;
    private readonly IReadOnlyList<(GatedMetric Metric, double Spread)> metrics;
    private readonly int repetitions;
    private readonly bool isHeavyTailed;

    /// <summary>A study.</summary>
    /// <param name="metrics">What is compared, with its spread between runs: a share (0.01 = 1 %), or an absolute difference for a share.</param>
    /// <param name="repetitions">Repetitions a side; at least 2.</param>
    /// <param name="isHeavyTailed">Noise of Student's t with three degrees of freedom, scaled to the same spread, instead of the normal.</param>
    public GateStudy(IReadOnlyList<(GatedMetric Metric, double Spread)> metrics, int repetitions, bool isHeavyTailed = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(repetitions, 2);
        this.metrics = metrics;
        this.repetitions = repetitions;
        this.isHeavyTailed = isHeavyTailed;
    }

    /// <summary>Spreads where none were measured: the given one for energy, power and throughput, twice it for medians, five times for tails.</summary>
    /// <param name="spread">Spread of energy between runs, as a share.</param>
    public static IReadOnlyList<(GatedMetric Metric, double Spread)> Assumed(double spread) => [.. GatedMetric.Default.Select(metric => (metric, spread * Factor(metric)))];

    /// <summary>In how many of some trials of equal systems anything is called worse.</summary>
    public int FalseAlarms(int trials, ulong seed = 7)
    {
        MersenneTwister random = new((int)seed);
        return Enumerable.Range(0, trials).Count(_ => Compare(random, null, 0).Any(change => change.Verdict == ChangeVerdict.Worse));
    }

    /// <summary>In how many of some trials a true change of one metric for the worse is called worse.</summary>
    /// <param name="metric">Name of the metric.</param>
    /// <param name="change">The change as a share, for example 0.05.</param>
    /// <param name="trials">How many trials.</param>
    /// <param name="seed">Seed of the noise.</param>
    public int Found(string metric, double change, int trials, ulong seed = 11)
    {
        MersenneTwister random = new((int)seed);
        return Enumerable.Range(0, trials).Count(_ => Compare(random, metric, change)
            .Any(found => found.Metric.Metric.Name == metric && found.Verdict == ChangeVerdict.Worse));
    }

    /// <summary>One comparison of a baseline with a candidate that differs in one metric.</summary>
    internal IReadOnlyList<MetricChange> Compare(MersenneTwister random, string? changed, double change) => ComparisonRule.Decide([.. metrics.Select(pair =>
    {
        double worse = pair.Metric.Metric.Name != changed ? 0 : pair.Metric.Metric.Better == Metrics.Direction.Higher ? -change : change;
        return new MetricSamples(pair.Metric, "", Side(random, pair, 0), Side(random, pair, worse), IsPaired: false);
    })]);

    private static double Factor(GatedMetric metric) => metric.IsAbsolute ? 0.2
        : metric.Metric.Name.Contains("_p99_", StringComparison.Ordinal) ? 5
        : metric.Metric.Name.Contains("_p50_", StringComparison.Ordinal) ? 2 : 1;

    private double[] Side(MersenneTwister random, (GatedMetric Metric, double Spread) pair, double change)
    {
        double[] values = new double[repetitions];
        for (int index = 0; index < values.Length; index++)
        {
            // Student's t with three degrees of freedom has variance 3.
            double noise = pair.Spread * (isHeavyTailed ? StudentT.Sample(random, 0, 1, HeavyTailFreedom) / Math.Sqrt(3) : Normal.Sample(random, 0, 1));
            values[index] = pair.Metric.IsAbsolute ? 0.97 + change + noise : 10 * (1 + change) * Math.Exp(noise);
        }

        return values;
    }
}
