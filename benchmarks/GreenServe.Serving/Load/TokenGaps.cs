using System.Buffers;
using GreenServe.Records.Runs;

namespace GreenServe.Serving.Load;

/// <summary>
/// The gaps between the tokens of one request (TBT). The tokens of one chunk came together: a chunk of k tokens adds the gap since the
/// chunk before it and k - 1 gaps of zero.
/// </summary>
internal sealed class TokenGaps : IDisposable
{
    private readonly double[] sortedSeconds;
    private readonly int count;
    private readonly int zeros;

    /// <param name="sortedSeconds">The gaps between chunks, sorted, at the beginning of an array from the shared pool.</param>
    /// <param name="count">Number of those gaps.</param>
    /// <param name="zeros">Number of gaps of zero inside of chunks.</param>
    private TokenGaps(double[] sortedSeconds, int count, int zeros)
    {
        this.sortedSeconds = sortedSeconds;
        this.count = count;
        this.zeros = zeros;
    }

    /// <summary>Number of gaps: one less than there are tokens.</summary>
    internal int Count => count + zeros;

    /// <summary>Mean gap (s); <c>null</c> without gaps.</summary>
    internal double? MeanSeconds => Count == 0 ? null : Sorted.Sum() / Count;

    private ArraySegment<double> Sorted => new(sortedSeconds, 0, count);

    /// <summary>Finds the gaps of a trace.</summary>
    /// <param name="trace">A trace with its chunks.</param>
    /// <param name="ticksPerSecond">Frequency of the clock of the trace.</param>
    internal static TokenGaps Of(RequestTrace trace, double ticksPerSecond)
    {
        ReadOnlySpan<ChunkReceipt> chunks = trace.Chunks;
        int count = Math.Max(0, chunks.Length - 1);
        double[] gaps = ArrayPool<double>.Shared.Rent(count);
        int tokens = 0;
        for (int index = 0; index < chunks.Length; index++)
        {
            tokens += chunks[index].Tokens;
            if (index > 0)
            {
                gaps[index - 1] = (chunks[index].Timestamp - chunks[index - 1].Timestamp) / ticksPerSecond;
            }
        }

        Array.Sort(gaps, 0, count);
        return new TokenGaps(gaps, count, tokens - chunks.Length);
    }

    /// <summary>
    /// Median time between the chunks of a request (s), over the gaps of several classes; <c>null</c> without any. The gaps of zero between
    /// the tokens of one chunk are left out.
    /// </summary>
    internal static double? MedianSeconds(IEnumerable<LatencyHistogram> gaps)
    {
        LatencyHistogram all = new();
        foreach ((int bin, long count) in gaps.SelectMany(histogram => histogram.Bins).Where(bin => bin.Key > 0))
        {
            all.AddBin(bin, count);
        }

        return all.PercentileSeconds(50);
    }

    /// <summary>Adds every gap to a histogram.</summary>
    internal void AddTo(LatencyHistogram histogram)
    {
        foreach (double seconds in Sorted)
        {
            histogram.Add(seconds);
        }

        if (zeros > 0)
        {
            histogram.Add(0, zeros);
        }
    }

    /// <summary>A percentile of the gaps by the nearest-rank method (s); <c>null</c> without gaps.</summary>
    /// <param name="percentile">In (0, 100].</param>
    internal double? PercentileSeconds(double percentile)
    {
        if (Count == 0)
        {
            return null;
        }

        int rank = Math.Max(1, (int)Math.Ceiling(percentile / 100 * Count));
        return rank <= zeros ? 0 : sortedSeconds[rank - zeros - 1];
    }

    /// <summary>Returns the memory of the gaps to the pool. Nobody may ask for them any more.</summary>
    public void Dispose() => ArrayPool<double>.Shared.Return(sortedSeconds);
}
