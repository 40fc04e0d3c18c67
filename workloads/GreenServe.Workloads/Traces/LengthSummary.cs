namespace GreenServe.Workloads.Traces;

/// <summary>How long the inputs or the outputs of a trace are (tokens).</summary>
/// <param name="Mean">Mean.</param>
/// <param name="Min">Shortest.</param>
/// <param name="P50">Median; percentiles by <see cref="TraceSummary.PercentileMethod"/>.</param>
/// <param name="P90">90th percentile.</param>
/// <param name="P99">99th percentile.</param>
/// <param name="Max">Longest.</param>
public sealed record LengthSummary(double Mean, int Min, double P50, double P90, double P99, int Max)
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
