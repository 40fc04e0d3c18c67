using GreenServe.Records.Runs;

namespace GreenServe.Serving.Buffers;

/// <summary>Percentiles of the durations of the last seconds, in the bins of a <see cref="LatencyHistogram"/>.</summary>
/// <remarks>A percentile is off by at most 0.4 %. Nothing is allocated for a duration. Not thread-safe.</remarks>
/// <param name="windowSeconds">How long a duration counts (s).</param>
internal sealed class RecentDurations(double windowSeconds)
{
    private readonly Queue<Slot> slots = new();
    private long[] counts = [];
    private Slot? newest;
    private Slot? spare;

    /// <summary>Begins a slot for the durations that are added next.</summary>
    /// <param name="nowSeconds">The time (s), not before that of the last slot.</param>
    /// <param name="weight">Number of durations that each one stands for, at least 1.</param>
    internal void Begin(double nowSeconds, int weight = 1)
    {
        newest = spare ?? new Slot();
        spare = null;
        newest.Bins.Clear();
        newest.BeganSeconds = nowSeconds;
        newest.Weight = weight;
        slots.Enqueue(newest);
    }

    /// <summary>Drops the slots that began before the window.</summary>
    /// <param name="nowSeconds">The time (s) at which the window ends.</param>
    internal void Forget(double nowSeconds)
    {
        while (slots.TryPeek(out Slot? oldest) && oldest.BeganSeconds < nowSeconds - windowSeconds)
        {
            spare = slots.Dequeue();
            foreach (int bin in spare.Bins)
            {
                counts[bin] -= spare.Weight;
            }
        }
    }

    /// <summary>Adds a duration (s) to the slot that has begun last. Negative durations count as 0.</summary>
    internal void Add(double seconds)
    {
        int bin = LatencyHistogram.BinOf((long)(Math.Max(0, seconds) * 1e9));
        if (bin >= counts.Length)
        {
            Array.Resize(ref counts, bin + 1);
        }

        counts[bin] += newest!.Weight;
        newest.Bins.Add(bin);
    }

    /// <summary>
    /// The duration (s) up to which at least <paramref name="percentile"/> % of the durations lie; <c>null</c> without any.
    /// </summary>
    internal double? PercentileSeconds(double percentile)
    {
        long all = counts.Sum();
        long rank = Math.Max(1, (long)Math.Ceiling((percentile * all / 100) - 1e-9));
        long seen = 0;
        for (int bin = 0; bin < counts.Length && all > 0; bin++)
        {
            seen += counts[bin];
            if (seen >= rank)
            {
                return LatencyHistogram.MiddleSeconds(bin);
            }
        }

        return null;
    }

    private sealed class Slot
    {
        internal List<int> Bins { get; } = [];

        internal double BeganSeconds { get; set; }

        internal int Weight { get; set; }
    }
}
