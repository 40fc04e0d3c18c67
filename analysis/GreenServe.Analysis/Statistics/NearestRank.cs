namespace GreenServe.Analysis.Statistics;

/// <summary>Percentiles by nearest rank: the smallest value at or below which at least p % of the values lie.</summary>
/// <remarks>
/// The percentile is always a value that occurred. Nearest rank was chosen over interpolation because with it "p99 is within the limit" and
/// "at least 99 % of the requests are within the limit" mean the same, so that feasibility and attainment cannot disagree. The token gap
/// histograms of a run record use the same rule. Source: Hyndman and Fan (1996), definition 1.
/// </remarks>
public static class NearestRank
{
    // 99 % of 100 values must be the 99th value also where 99 * 100 / 100 is 99.00000000000001.
    private const double RankRounding = 1e-9;

    /// <summary>A percentile of values.</summary>
    /// <param name="ascending">The values in ascending order.</param>
    /// <param name="percentile">The percentile, in (0, 100].</param>
    /// <returns><c>null</c> if there are no values.</returns>
    public static double? Of(ReadOnlySpan<double> ascending, double percentile)
    {
        RequirePercentile(percentile);
        return ascending.IsEmpty ? null : ascending[(int)Rank(percentile, ascending.Length) - 1];
    }

    /// <summary>A percentile of values that occur several times each.</summary>
    /// <param name="ascending">Each value with the number of times it occurred, in ascending order of the value.</param>
    /// <param name="percentile">The percentile, in (0, 100].</param>
    /// <returns><c>null</c> if there are no values.</returns>
    public static double? Of(IReadOnlyList<(double Value, long Count)> ascending, double percentile)
    {
        RequirePercentile(percentile);
        long total = ascending.Sum(pair => pair.Count);
        long rank = Rank(percentile, total);
        long seen = 0;
        foreach ((double value, long count) in ascending)
        {
            seen += count;
            if (seen >= rank)
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>The rank of a percentile among values in ascending order, from 1.</summary>
    internal static long Rank(double percentile, long count) =>
        Math.Clamp((long)Math.Ceiling((percentile * count / 100) - RankRounding), 1, Math.Max(1, count));

    private static void RequirePercentile(double percentile)
    {
        if (percentile is not (> 0 and <= 100))
        {
            throw new ArgumentOutOfRangeException(nameof(percentile), percentile, "A percentile lies in (0, 100].");
        }
    }
}
