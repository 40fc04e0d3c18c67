using GreenServe.Records.Runs;

namespace GreenServe.Serving.Load;

/// <summary>
/// Counts tokens received and requests completed in slots of 10 ms. A window that is chosen afterwards can then be counted exactly, as
/// long as its edges lie between slots.
/// </summary>
internal sealed class TokenTimeline
{
    /// <summary>Slots of 10 ms: short against any window, and 100 numbers a second are little memory.</summary>
    private const double SlotsPerSecond = 100;

    /// <summary>Room for about ten seconds at first; it doubles as needed.</summary>
    private const int FirstSlots = 1024;
    private long[] tokens = new long[FirstSlots];
    private long[] completions = new long[FirstSlots];

    /// <summary>The edge between two slots at or after a time (s).</summary>
    internal static double AlignedUpSeconds(double seconds) => Math.Ceiling(seconds * SlotsPerSecond) / SlotsPerSecond;

    /// <summary>The edge between two slots at or before a time (s).</summary>
    internal static double AlignedDownSeconds(double seconds) => Math.Floor(seconds * SlotsPerSecond) / SlotsPerSecond;

    /// <summary>Adds the tokens of a request, however it ended.</summary>
    /// <param name="trace">The trace of the request.</param>
    /// <param name="clock">The clock of the run.</param>
    /// <param name="completedSeconds">When the request completed (s); <c>null</c> for one that did not.</param>
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

    /// <summary>Number of tokens received from one edge (s, inclusive) to another (s, exclusive).</summary>
    internal long TokensBetween(double startSeconds, double endSeconds) => Sum(tokens, startSeconds, endSeconds);

    /// <summary>Number of requests completed from one edge (s, inclusive) to another (s, exclusive).</summary>
    internal long CompletionsBetween(double startSeconds, double endSeconds) => Sum(completions, startSeconds, endSeconds);

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
