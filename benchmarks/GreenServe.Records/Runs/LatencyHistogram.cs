using System.Numerics;

namespace GreenServe.Records.Runs;

/// <summary>
/// Counts of durations in bins of nearly constant relative width. It holds every token gap of a run in a few kilobytes.
/// </summary>
/// <remarks>
/// Resolution 1 ns. Bins are exact below 256 ns and at most 1/128 (0.8 %) wide above, so the middle of a bin is off by at most 0.4
/// %. Arithmetic on integers gives the same counts on every machine. Not thread-safe.
/// </remarks>
public sealed class LatencyHistogram
{
    private const int SubBits = 7;
    private const int SubBins = 1 << SubBits;

    private long[] counts = new long[2 * SubBins];

    /// <summary>Number of durations added.</summary>
    public long Count { get; private set; }

    /// <summary>Exact sum of the durations (s).</summary>
    public double SumSeconds { get; private set; }

    /// <summary>Longest duration (s); 0 if there is none.</summary>
    public double MaxSeconds { get; private set; }

    /// <summary>The bins that hold a count, in ascending order: index of the bin and its count.</summary>
    public IEnumerable<KeyValuePair<int, long>> Bins
    {
        get
        {
            for (int bin = 0; bin < counts.Length; bin++)
            {
                if (counts[bin] > 0)
                {
                    yield return KeyValuePair.Create(bin, counts[bin]);
                }
            }
        }
    }

    /// <summary>Adds a duration (s), once or several times. Negative durations count as 0.</summary>
    public void Add(double seconds, long times = 1)
    {
        double clamped = Math.Max(0, seconds);
        int bin = BinOf((long)Math.Round(clamped * 1e9));
        if (bin >= counts.Length)
        {
            Array.Resize(ref counts, bin + SubBins);
        }

        counts[bin] += times;
        Count += times;
        SumSeconds += clamped * times;
        MaxSeconds = Math.Max(MaxSeconds, clamped);
    }

    /// <summary>Adds a bin's count that was read from a file. Sum and maximum then follow the middle of the bin.</summary>
    public void AddBin(int bin, long times) => Add(MiddleSeconds(bin), times);

    /// <summary>The smallest bin middle (s) below or at which at least <paramref name="percentile"/> % of the values lie.</summary>
    /// <returns>The duration (s); <c>null</c> for an empty histogram.</returns>
    public double? PercentileSeconds(double percentile)
    {
        // Rounding in the product must not change the rank: for 99 % of 100 values it must be 99.
        long rank = (long)Math.Ceiling((percentile * Count / 100) - 1e-9);
        long seen = 0;
        foreach ((int bin, long count) in Bins)
        {
            seen += count;
            if (seen >= Math.Max(1, rank))
            {
                return Math.Min(MiddleSeconds(bin), MaxSeconds);
            }
        }

        return null;
    }

    /// <summary>Lower edge of a bin (s).</summary>
    public static double LowerSeconds(int bin) => LowerNanoseconds(bin) / 1e9;

    /// <summary>Middle of a bin (s), which stands for every duration in it.</summary>
    public static double MiddleSeconds(int bin) => (LowerNanoseconds(bin) + LowerNanoseconds(bin + 1) - 1) / 2.0 / 1e9;

    /// <summary>Index of the bin that holds a duration in nanoseconds.</summary>
    public static int BinOf(long nanoseconds)
    {
        if (nanoseconds < 2 * SubBins)
        {
            return (int)nanoseconds;
        }

        int shift = 63 - BitOperations.LeadingZeroCount((ulong)nanoseconds) - SubBits;
        return ((shift + 1) * SubBins) + (int)((nanoseconds >> shift) - SubBins);
    }

    private static long LowerNanoseconds(int bin)
    {
        int shift = Math.Max(0, (bin / SubBins) - 1);
        return shift == 0 ? bin : (long)((bin % SubBins) + SubBins) << shift;
    }
}
