using GreenServe.Analysis.Grids;
using GreenServe.Records;
using MathNet.Numerics.Statistics;

namespace GreenServe.Analysis.Comparison;

/// <summary>How much a metric spreads between repetitions.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Spread">Standard deviation between runs as a share of the mean (of logarithms), or absolute for a share; <c>null</c> if not known.</param>
/// <param name="DegreesOfFreedom">Repetitions behind it less one a point.</param>
/// <param name="Points">Operating points with at least two valid repetitions.</param>
public sealed record RunSpread(GatedMetric Metric, double? Spread, int DegreesOfFreedom, int Points)
{
    /// <summary>The spreads of the gated metrics in some records, pooled over their operating points (weighted by degrees of freedom).</summary>
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
