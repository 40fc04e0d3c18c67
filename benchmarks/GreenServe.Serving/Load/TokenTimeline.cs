using GreenServe.Records.Runs;

namespace GreenServe.Serving.Load;

/// <summary>
/// Counts tokens received in slots of 10 ms, so that a window that is chosen afterwards can be counted. The count is exact where the
/// window's edges lie between slots; a slot that an edge cuts counts by its share in the window.
/// </summary>
internal sealed class TokenTimeline
{
    /// <summary>Slots of 10 ms: short against any window, and 100 numbers a second are little memory.</summary>
    private const double SlotsPerSecond = 100;

    /// <summary>Decimals of a time in slots: 10 ns.</summary>
    private const int SlotDecimals = 6;

    /// <summary>Room for about ten seconds at first; it doubles as needed.</summary>
    private const int FirstSlots = 1024;
    private double[] tokens = new double[FirstSlots];

    /// <summary>The edge between two slots at or after a time (s).</summary>
    internal static double AlignedUpSeconds(double seconds) => Math.Ceiling(SlotsAt(seconds)) / SlotsPerSecond;

    /// <summary>The edge between two slots at or before a time (s).</summary>
    internal static double AlignedDownSeconds(double seconds) => Math.Floor(SlotsAt(seconds)) / SlotsPerSecond;

    /// <summary>Adds the tokens of a request, however it ended.</summary>
    /// <remarks>
    /// Where the number of tokens of each chunk is not known but their sum is, the sum is laid on the chunks in the proportion in which
    /// they were counted.
    /// </remarks>
    /// <param name="trace">The trace of the request.</param>
    /// <param name="clock">The clock of the run.</param>
    internal void Add(RequestTrace trace, RunClock clock)
    {
        int counted = trace.TokensReceived;
        double tokensPerCounted = trace.OutputTokens is { } known && counted > 0 ? (double)known / counted : 1;
        foreach (ChunkReceipt chunk in trace.Chunks)
        {
            SlotOf(clock.SecondsAt(chunk.Timestamp)) += chunk.Tokens * tokensPerCounted;
        }
    }

    /// <summary>Number of tokens received after one time (s) and up to another (s).</summary>
    internal double TokensBetween(double startSeconds, double endSeconds)
    {
        double start = Math.Clamp(SlotsAt(startSeconds), 0, tokens.Length);
        double end = Math.Clamp(SlotsAt(endSeconds), start, tokens.Length);
        double sum = 0;
        for (int slot = (int)start; slot < Math.Min(tokens.Length, Math.Ceiling(end)); slot++)
        {
            double share = Math.Min(end, slot + 1) - Math.Max(start, slot);
            sum += tokens[slot] * share;
        }

        return sum;
    }

    /// <summary>A time in slots. The rounding error of the product must not move a time over an edge.</summary>
    private static double SlotsAt(double seconds) => Math.Round(seconds * SlotsPerSecond, SlotDecimals);

    /// <summary>The slot of a time. A time on the edge between two slots belongs to the earlier one, as it does with windows.</summary>
    private ref double SlotOf(double seconds)
    {
        int slot = (int)Math.Max(0, Math.Ceiling(SlotsAt(seconds)) - 1);
        if (slot >= tokens.Length)
        {
            Array.Resize(ref tokens, Math.Max(slot + 1, tokens.Length * 2));
        }

        return ref tokens[slot];
    }
}
