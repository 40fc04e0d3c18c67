namespace GreenServe.Analysis.Statistics;

/// <summary>Percentiles by nearest rank: the smallest value at or below which at least p % of the values lie.</summary>
/// <remarks>
/// Always a value that occurred. Chosen over interpolation because then "p99 is within the limit" and "at least 99 % of the
/// requests are within the limit" are the same sentence, so that feasibility and attainment cannot disagree. The token gap
/// histograms of a run record use the same rule. Source: Hyndman and Fan (1996), definition 1.
/// </remarks>
public static class NearestRank
{
    /// <summary>A percentile of ascending values.</summary>
    /// <param name="ascending">The values, sorted.</param>
    /// <param name="percentile">In (0, 100].</param>
    /// <returns><c>null</c> for no values.</returns>
    public static double? Of(ReadOnlySpan<double> ascending, double percentile)
    {
        RequirePercentile(percentile);
        return ascending.IsEmpty ? null : ascending[(int)Rank(percentile, ascending.Length) - 1];
    }

    /// <summary>A percentile of weighted values in ascending order.</summary>
    /// <param name="ascending">Values with how often each occurred, sorted by value.</param>
    /// <param name="percentile">In (0, 100].</param>
    /// <returns><c>null</c> for no values.</returns>
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

    // 99 % of 100 values must be the 99th also where 0.99 * 100 is 99.00000000000001.
    private static long Rank(double percentile, long count) =>
        Math.Clamp((long)Math.Ceiling((percentile * count / 100) - 1e-9), 1, Math.Max(1, count));

    private static void RequirePercentile(double percentile)
    {
        if (percentile is not (> 0 and <= 100))
        {
            throw new ArgumentOutOfRangeException(nameof(percentile), percentile, "A percentile lies in (0, 100].");
        }
    }
}
