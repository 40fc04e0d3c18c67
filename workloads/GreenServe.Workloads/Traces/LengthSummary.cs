namespace GreenServe.Workloads.Traces;

/// <summary>How long the inputs or the outputs of a trace are. Percentiles are taken by <see cref="TraceSummary.PercentileMethod"/>.</summary>
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
