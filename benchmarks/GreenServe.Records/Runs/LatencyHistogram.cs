using System.Numerics;

namespace GreenServe.Records.Runs;

/// <summary>
/// Counts of durations in bins of nearly constant relative width. It holds every token gap of a run in a few kilobytes.
/// </summary>
/// <remarks>
/// Resolution 1 ns. Bins are exact below 256 ns and at most 1/128 (0.8 %) wide above. Each bin also keeps the sums of its durations and
/// of their squares: mean and deviation are exact, and a percentile is the mean of its bin, off by at most 0.8 %. Counts from a file
/// without these sums stand for the middle of their bin, off by at most 0.4 %. Arithmetic on integers gives the same counts on every
/// machine. Not thread-safe.
/// </remarks>
public sealed class LatencyHistogram
{
    private const int SubBits = 7;
    private const int SubBins = 1 << SubBits;

    /// <summary>The bins up to the highest one in use. Together, since each duration changes all three numbers of its bin.</summary>
    private Sums[] bins = [];

    /// <summary>Number of durations added.</summary>
    public long Count { get; private set; }

    /// <summary>Sum of the durations (s).</summary>
    public double SumSeconds { get; private set; }

    /// <summary>Longest duration (s); 0 if there is none.</summary>
    public double MaxSeconds { get; private set; }

    /// <summary>The bins that hold a count, in ascending order: index of the bin and its count.</summary>
    public IEnumerable<KeyValuePair<int, long>> Bins
    {
        get
        {
            for (int bin = 0; bin < bins.Length; bin++)
            {
                if (bins[bin].Count > 0)
                {
                    yield return KeyValuePair.Create(bin, bins[bin].Count);
                }
            }
        }
    }

    /// <summary>Adds a duration (s), once or several times. Negative durations count as 0.</summary>
    public void Add(double seconds, long times = 1)
    {
        double clamped = Math.Max(0, seconds);
        AddBin(BinOf((long)Math.Round(clamped * 1e9)), times, clamped * times, clamped * clamped * times, clamped);
    }

    /// <summary>Adds every duration of another histogram.</summary>
    public void Add(LatencyHistogram other)
    {
        foreach ((int bin, long count) in other.Bins)
        {
            AddBin(bin, count, other.bins[bin].Seconds, other.bins[bin].SquareSeconds, other.MeanSeconds(bin));
        }

        MaxSeconds = Math.Max(MaxSeconds, other.MaxSeconds);
    }

    /// <summary>Adds a bin's count of which nothing else is known. Sums and maximum then follow the middle of the bin.</summary>
    public void AddBin(int bin, long times) => Add(MiddleSeconds(bin), times);

    /// <summary>Adds a bin as a file holds it.</summary>
    /// <param name="bin">Index of the bin.</param>
    /// <param name="times">Number of its durations, at least 1.</param>
    /// <param name="sumSeconds">Sum of the durations (s).</param>
    /// <param name="sumSquareSeconds">Sum of the squares of the durations (s²).</param>
    public void AddBin(int bin, long times, double sumSeconds, double sumSquareSeconds) =>
        AddBin(bin, times, sumSeconds, sumSquareSeconds, sumSeconds / times);

    /// <summary>Sum of the durations of a bin (s).</summary>
    public double BinSumSeconds(int bin) => bins[bin].Seconds;

    /// <summary>Sum of the squares of the durations of a bin (s²).</summary>
    public double BinSumSquareSeconds(int bin) => bins[bin].SquareSeconds;

    /// <summary>Mean of the durations of a bin that holds any (s). It stands for each of them.</summary>
    /// <remarks>Rounded to the nanosecond, so that equal durations have exactly their mean.</remarks>
    public double MeanSeconds(int bin) => Math.Round(bins[bin].Seconds / bins[bin].Count, 9);

    /// <summary>Standard deviation of the durations (s), with their number as divisor; <c>null</c> for an empty histogram.</summary>
    public double? DeviationSeconds
    {
        get
        {
            if (Count == 0)
            {
                return null;
            }

            // Within a bin and between bins apart: a difference of two large sums would lose the digits of a small deviation.
            double mean = SumSeconds / Count;
            double sum = 0;
            foreach ((int bin, long count) in Bins)
            {
                double own = bins[bin].Seconds / count;
                sum += Math.Max(0, bins[bin].SquareSeconds - (own * own * count)) + ((own - mean) * (own - mean) * count);
            }

            return Math.Sqrt(sum / Count);
        }
    }

    /// <summary>The mean of the first bin (s) up to which at least <paramref name="percentile"/> % of the values lie.</summary>
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
                return MeanSeconds(bin);
            }
        }

        return null;
    }

    /// <summary>Lower edge of a bin (s).</summary>
    public static double LowerSeconds(int bin) => LowerNanoseconds(bin) / 1e9;

    /// <summary>Middle of a bin (s).</summary>
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

    private void AddBin(int bin, long times, double sumSeconds, double sumSquareSeconds, double longestSeconds)
    {
        if (bin >= bins.Length)
        {
            Array.Resize(ref bins, bin + SubBins);
        }

        ref Sums sums = ref bins[bin];
        sums.Count += times;
        sums.Seconds += sumSeconds;
        sums.SquareSeconds += sumSquareSeconds;
        Count += times;
        SumSeconds += sumSeconds;
        MaxSeconds = Math.Max(MaxSeconds, longestSeconds);
    }

    private static long LowerNanoseconds(int bin)
    {
        int shift = Math.Max(0, (bin / SubBins) - 1);
        return shift == 0 ? bin : (long)((bin % SubBins) + SubBins) << shift;
    }

    /// <summary>What is known of the durations of a bin.</summary>
    private struct Sums
    {
        internal long Count;
        internal double Seconds;
        internal double SquareSeconds;
    }
}
