namespace GreenServe.Records.Requests;

/// <summary>Counts lengths, from which their mean and every percentile follow exactly.</summary>
public sealed class LengthTally
{
    private readonly SortedDictionary<int, long> counts = [];
    private long tokens;

    /// <summary>Number of lengths.</summary>
    public long Count { get; private set; }

    /// <summary>Mean length (tokens); <c>null</c> without lengths.</summary>
    public double? MeanTokens => Count > 0 ? (double)tokens / Count : null;

    /// <summary>Adds a length (tokens).</summary>
    public void Add(int length)
    {
        counts[length] = counts.GetValueOrDefault(length) + 1;
        tokens += length;
        Count++;
    }

    /// <summary>The smallest length that at least a share of the lengths does not exceed (tokens); <c>null</c> without lengths.</summary>
    /// <param name="percent">The share in percent, above 0 to 100.</param>
    public int? PercentileTokens(double percent)
    {
        long rank = (long)Math.Ceiling(percent / 100 * Count);
        long below = 0;
        foreach ((int length, long number) in counts)
        {
            below += number;
            if (below >= rank)
            {
                return length;
            }
        }

        return null;
    }
}
