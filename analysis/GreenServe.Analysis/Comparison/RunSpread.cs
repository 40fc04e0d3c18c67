using GreenServe.Analysis.Grids;
using GreenServe.Records;
using MathNet.Numerics.Statistics;

namespace GreenServe.Analysis.Comparison;

/// <summary>How much a metric spreads between repetitions.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Spread">
/// Standard deviation between runs: that of logarithms, which is a share of the mean, or that of the values for a metric that is a share;
/// <c>null</c> if no point has two repetitions.
/// </param>
/// <param name="DegreesOfFreedom">Number of repetitions behind the spread, less one for each operating point.</param>
/// <param name="Points">Number of operating points with at least two valid repetitions.</param>
public sealed record RunSpread(GatedMetric Metric, double? Spread, int DegreesOfFreedom, int Points)
{
    /// <summary>The spread of every default metric, pooled over the operating points of some runs by their degrees of freedom.</summary>
    /// <param name="runs">Repeated runs.</param>
    /// <exception cref="InvalidInputException">Runs of one point are no repetitions of each other.</exception>
    public static IReadOnlyList<RunSpread> Of(IReadOnlyList<ExperimentRun> runs)
    {
        OperatingPointRuns[] points = [.. OperatingPointRuns.Group(runs).Values];
        return [.. GatedMetric.Default.Select(metric => Of(metric, points))];
    }

    private static RunSpread Of(GatedMetric metric, OperatingPointRuns[] points)
    {
        double squares = 0;
        int freedom = 0;
        int used = 0;
        foreach (OperatingPointRuns point in points)
        {
            double[] values = [.. point.Valid.Select(run => metric.Metric.Read(run.Metrics).Value).OfType<double>()
                .Where(value => metric.IsAbsolute || value > 0).Select(value => metric.IsAbsolute ? value : Math.Log(value))];
            if (values.Length >= 2)
            {
                squares += values.Variance() * (values.Length - 1);
                freedom += values.Length - 1;
                used++;
            }
        }

        return new RunSpread(metric, freedom > 0 ? Math.Sqrt(squares / freedom) : null, freedom, used);
    }
}
