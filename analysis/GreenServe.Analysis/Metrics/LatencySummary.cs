using GreenServe.Analysis.Statistics;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Metrics;

/// <summary>The distribution of one latency. Percentiles by <see cref="NearestRank"/>.</summary>
/// <param name="Count">Values behind it; at least 1.</param>
/// <param name="MeanSeconds">Arithmetic mean (s).</param>
/// <param name="P50Seconds">Median (s).</param>
/// <param name="P90Seconds">90th percentile (s).</param>
/// <param name="P99Seconds">99th percentile (s).</param>
/// <param name="MaxSeconds">Largest (s).</param>
public sealed record LatencySummary(
    long Count, double MeanSeconds, double P50Seconds, double P90Seconds, double P99Seconds, double MaxSeconds)
{
    private const int CurvePoints = 200;

    /// <summary>The distribution as a curve: latency (s) at 0.5 %, 1 %, ... 100 %; empty unless asked for.</summary>
    public IReadOnlyList<double> CurveSeconds { get; init; } = [];

    /// <summary>Every value as counts in bins (0.4 %), for percentiles over several runs; <c>null</c> unless asked for.</summary>
    public LatencyHistogram? Histogram { get; init; }

    /// <summary>Share of the values at or below a point of <see cref="CurveSeconds"/>.</summary>
    /// <param name="point">Its index.</param>
    public static double CurveShare(int point) => (point + 1.0) / CurvePoints;

    /// <summary>Summarises values in any order.</summary>
    /// <param name="seconds">The values (s).</param>
    /// <param name="withCurve">Whether to keep <see cref="CurveSeconds"/> and <see cref="Histogram"/>.</param>
    /// <returns><c>null</c> for no values.</returns>
    public static LatencySummary? Of(IEnumerable<double> seconds, bool withCurve = false)
    {
        double[] sorted = [.. seconds];
        if (sorted.Length == 0)
        {
            return null;
        }

        Array.Sort(sorted);
        return new LatencySummary(
            sorted.Length,
            sorted.Average(),
            NearestRank.Of(sorted, 50)!.Value,
            NearestRank.Of(sorted, 90)!.Value,
            NearestRank.Of(sorted, 99)!.Value,
            sorted[^1])
        {
            CurveSeconds = withCurve ? [.. Enumerable.Range(0, CurvePoints).Select(point => NearestRank.Of(sorted, 100 * CurveShare(point))!.Value)] : [],
            Histogram = withCurve ? HistogramOf(sorted) : null,
        };
    }

    /// <summary>Summarises counted values; as exact as the histogram's bins (0.4 %).</summary>
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

    private static LatencyHistogram HistogramOf(double[] seconds)
    {
        LatencyHistogram histogram = new();
        foreach (double value in seconds)
        {
            histogram.Add(value);
        }

        return histogram;
    }
}
