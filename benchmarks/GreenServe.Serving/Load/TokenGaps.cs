using GreenServe.Records.Runs;

namespace GreenServe.Serving.Load;

/// <summary>The gaps between one request's tokens. Tokens of one chunk came together: k of them are one gap and k - 1 of zero.</summary>
internal sealed class TokenGaps
{
    private readonly double[] sortedSeconds;
    private readonly int zeros;

    private TokenGaps(double[] sortedSeconds, int zeros)
    {
        this.sortedSeconds = sortedSeconds;
        this.zeros = zeros;
    }

    /// <summary>Gaps in all: one less than tokens.</summary>
    internal int Count => sortedSeconds.Length + zeros;

    /// <summary>The gaps of a trace.</summary>
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

    /// <summary>Adds them to a histogram.</summary>
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

    /// <summary>The smallest gap (s) that at least this share of all gaps does not exceed (nearest rank); <c>null</c> without gaps.</summary>
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
