using GreenServe.Records.Runs;

namespace GreenServe.Serving.Load;

/// <summary>
/// The gaps between the tokens of one request (TBT). The tokens of one chunk came together: a chunk of k tokens adds the gap since the
/// chunk before it and k - 1 gaps of zero.
/// </summary>
internal sealed class TokenGaps
{
    private readonly double[] sortedSeconds;
    private readonly int zeros;

    private TokenGaps(double[] sortedSeconds, int zeros)
    {
        this.sortedSeconds = sortedSeconds;
        this.zeros = zeros;
    }

    /// <summary>Number of gaps: one less than there are tokens.</summary>
    internal int Count => sortedSeconds.Length + zeros;

    /// <summary>Mean gap (s); <c>null</c> without gaps.</summary>
    internal double? MeanSeconds => Count == 0 ? null : sortedSeconds.Sum() / Count;

    /// <summary>Finds the gaps of a trace.</summary>
    /// <param name="trace">A trace with its chunks.</param>
    /// <param name="ticksPerSecond">Frequency of the clock of the trace.</param>
    internal static TokenGaps Of(RequestTrace trace, double ticksPerSecond)
    {
        ReadOnlySpan<ChunkReceipt> chunks = trace.Chunks;
        double[] gaps = new double[Math.Max(0, chunks.Length - 1)];
        int tokens = 0;
        for (int index = 0; index < chunks.Length; index++)
        {
            tokens += chunks[index].Tokens;
            if (index > 0)
            {
                gaps[index - 1] = (chunks[index].Timestamp - chunks[index - 1].Timestamp) / ticksPerSecond;
            }
        }

        Array.Sort(gaps);
        return new TokenGaps(gaps, tokens - chunks.Length);
    }

    /// <summary>Adds every gap to a histogram.</summary>
    internal void AddTo(LatencyHistogram histogram)
    {
        foreach (double seconds in sortedSeconds)
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
}
