using GreenServe.Analysis.Statistics;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Metrics;

/// <summary>The distribution of one latency. Percentiles are by <see cref="NearestRank"/>.</summary>
/// <param name="Count">Number of values; at least 1.</param>
/// <param name="MeanSeconds">Arithmetic mean (s).</param>
/// <param name="P50Seconds">Median (s).</param>
/// <param name="P90Seconds">90th percentile (s).</param>
/// <param name="P99Seconds">99th percentile (s).</param>
/// <param name="MaxSeconds">Largest value (s).</param>
public sealed record LatencySummary(
    long Count, double MeanSeconds, double P50Seconds, double P90Seconds, double P99Seconds, double MaxSeconds)
{
    // One point for every 0.5 %: about two pixels of a panel, and the median, p90 and p99 are points of the curve.
    private const int CurvePoints = 200;

    /// <summary>The distribution as a curve: the latency (s) at 0.5 %, at 1 %, and so on up to 100 %; empty unless asked for.</summary>
    public IReadOnlyList<double> CurveSeconds { get; init; } = [];

    /// <summary>Every value, counted in bins of 0.4 %, for percentiles over several runs; <c>null</c> unless asked for.</summary>
    public LatencyHistogram? Histogram { get; init; }

    /// <summary>Share of the values at or below a point of <see cref="CurveSeconds"/>.</summary>
    /// <param name="point">Index of the point.</param>
    /// <returns>A share in (0, 1].</returns>
    public static double CurveShare(int point) => (point + 1.0) / CurvePoints;

    /// <summary>Summarises values exactly.</summary>
    /// <param name="ascending">The values (s) in ascending order.</param>
    /// <param name="withCurve">Whether to keep <see cref="CurveSeconds"/> and <see cref="Histogram"/>.</param>
    /// <returns><c>null</c> for no values.</returns>
    internal static LatencySummary? Of(ReadOnlySpan<double> ascending, bool withCurve)
    {
        if (ascending.IsEmpty)
        {
            return null;
        }

        double sum = 0;
        foreach (double value in ascending)
        {
            sum += value;
        }

        return new LatencySummary(
            ascending.Length,
            sum / ascending.Length,
            NearestRank.Of(ascending, 50)!.Value,
            NearestRank.Of(ascending, 90)!.Value,
            NearestRank.Of(ascending, 99)!.Value,
            ascending[^1])
        {
            CurveSeconds = withCurve ? CurveOf(ascending) : [],
            Histogram = withCurve ? HistogramOf(ascending) : null,
        };
    }

    /// <summary>Summarises counted values: the mean exactly, percentiles as exactly as the histogram's bins are (0.8 %).</summary>
    /// <param name="histogram">The values.</param>
    /// <returns><c>null</c> for no values.</returns>
    public static LatencySummary? Of(LatencyHistogram histogram) => histogram.Count == 0
        ? null
        : new LatencySummary(
            histogram.Count,
            histogram.SumSeconds / histogram.Count,
            histogram.PercentileSeconds(50)!.Value,
            histogram.PercentileSeconds(90)!.Value,
            histogram.PercentileSeconds(99)!.Value,
            histogram.MaxSeconds)
        {
            Histogram = histogram,
        };

    private static double[] CurveOf(ReadOnlySpan<double> ascending)
    {
        double[] curve = new double[CurvePoints];
        for (int point = 0; point < CurvePoints; point++)
        {
            curve[point] = NearestRank.Of(ascending, 100 * CurveShare(point))!.Value;
        }

        return curve;
    }

    private static LatencyHistogram HistogramOf(ReadOnlySpan<double> seconds)
    {
        LatencyHistogram histogram = new();
        foreach (double value in seconds)
        {
            histogram.Add(value);
        }

        return histogram;
    }
}
