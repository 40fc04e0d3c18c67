namespace GreenServe.Workloads.Traces;

/// <summary>
/// Summary of the input or output lengths of a trace. Percentiles are taken by <see cref="TraceSummary.PercentileMethod"/>.
/// </summary>
/// <param name="MeanTokens">Mean length (tokens).</param>
/// <param name="MinTokens">Shortest length (tokens).</param>
/// <param name="P50Tokens">Median length (tokens).</param>
/// <param name="P90Tokens">90th percentile of the lengths (tokens).</param>
/// <param name="P99Tokens">99th percentile of the lengths (tokens).</param>
/// <param name="MaxTokens">Longest length (tokens).</param>
public sealed record LengthSummary(
    double MeanTokens, int MinTokens, double P50Tokens, double P90Tokens, double P99Tokens, int MaxTokens)
{
    internal static LengthSummary Of(IEnumerable<int> tokens)
    {
        int[] sorted = [.. tokens.Order()];
        return new LengthSummary(
            sorted.Average(),
            sorted[0],
            Percentile.Of(sorted, 0.5),
            Percentile.Of(sorted, 0.9),
            Percentile.Of(sorted, 0.99),
            sorted[^1]);
    }
}

/// <summary>
/// Percentiles of sorted values, linear between neighbours (Hyndman and Fan's type 7, the default of NumPy and R).
/// </summary>
internal static class Percentile
{
    internal const string Method = "linear interpolation between order statistics (Hyndman-Fan type 7)";

    /// <summary>The value below which a share in [0, 1] of the sorted values lies.</summary>
    internal static double Of(IReadOnlyList<int> sorted, double share)
    {
        double position = share * (sorted.Count - 1);
        int below = (int)position;
        int above = Math.Min(below + 1, sorted.Count - 1);
        return sorted[below] + ((position - below) * (sorted[above] - (double)sorted[below]));
    }
}
