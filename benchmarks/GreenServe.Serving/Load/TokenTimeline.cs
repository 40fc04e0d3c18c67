using GreenServe.Records.Runs;

namespace GreenServe.Serving.Load;

/// <summary>Tokens received and requests completed in slots of 10 ms, so that a window chosen afterwards can be counted exactly.</summary>
internal sealed class TokenTimeline
{
    private const double SlotsPerSecond = 100;
    private long[] tokens = new long[1024];
    private long[] completions = new long[1024];

    /// <summary>The next edge between two slots.</summary>
    internal static double AlignUp(double seconds) => Math.Ceiling(seconds * SlotsPerSecond) / SlotsPerSecond;

    /// <summary>The edge between two slots before.</summary>
    internal static double AlignDown(double seconds) => Math.Floor(seconds * SlotsPerSecond) / SlotsPerSecond;

    /// <summary>Adds a request's tokens, however it ended.</summary>
    internal void Add(RequestTrace trace, RunClock clock, double? completedSeconds)
    {
        foreach (ChunkReceipt chunk in trace.Chunks)
        {
            SlotOf(ref tokens, clock.SecondsAt(chunk.Timestamp)) += chunk.Tokens;
        }

        if (completedSeconds is { } completed)
        {
            SlotOf(ref completions, completed)++;
        }
    }

    /// <summary>Tokens received from one edge (inclusive) to another (exclusive).</summary>
    internal long TokensBetween(double start, double end) => Sum(tokens, start, end);

    /// <summary>Requests completed from one edge (inclusive) to another (exclusive).</summary>
    internal long CompletionsBetween(double start, double end) => Sum(completions, start, end);

    private static long Sum(long[] slots, double start, double end)
    {
        int first = Math.Clamp((int)Math.Round(start * SlotsPerSecond), 0, slots.Length);
        int last = Math.Clamp((int)Math.Round(end * SlotsPerSecond), first, slots.Length);
        return slots.AsSpan(first, last - first).ToArray().Sum();
    }

    private static ref long SlotOf(ref long[] slots, double seconds)
    {
        int slot = (int)Math.Max(0, seconds * SlotsPerSecond);
        if (slot >= slots.Length)
        {
            Array.Resize(ref slots, Math.Max(slot + 1, slots.Length * 2));
        }

        return ref slots[slot];
    }
}
