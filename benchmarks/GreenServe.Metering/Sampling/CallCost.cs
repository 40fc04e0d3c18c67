namespace GreenServe.Metering.Sampling;

/// <summary>Counts what the calls of a source cost. The thread of the source writes it, and other threads read it.</summary>
internal sealed class CallCost
{
    private readonly Lock gate = new();
    private Totals totals;

    /// <summary>Adds the duration of a call (s).</summary>
    /// <param name="seconds">How long the call took (s).</param>
    internal void Add(double seconds)
    {
        lock (gate)
        {
            totals = totals with
            {
                Calls = totals.Calls + 1,
                TotalSeconds = totals.TotalSeconds + seconds,
                LongestSeconds = Math.Max(totals.LongestSeconds, seconds),
            };
        }
    }

    /// <summary>Takes the processor time that the thread of the source has used since it began (s).</summary>
    internal void SetProcessorSeconds(double seconds)
    {
        lock (gate)
        {
            totals = totals with { ProcessorSeconds = seconds };
        }
    }

    /// <summary>The cost of all calls so far.</summary>
    internal Totals Snapshot()
    {
        lock (gate)
        {
            return totals;
        }
    }

    /// <summary>The total cost of a number of calls.</summary>
    /// <param name="Calls">The number of calls.</param>
    /// <param name="TotalSeconds">How long they took together (s).</param>
    /// <param name="LongestSeconds">How long the longest took (s).</param>
    /// <param name="ProcessorSeconds">The processor time of the thread that made them, user and kernel (s).</param>
    internal readonly record struct Totals(long Calls, double TotalSeconds, double LongestSeconds, double ProcessorSeconds);
}
