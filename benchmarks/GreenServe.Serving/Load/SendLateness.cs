using GreenServe.Records.Requests;
using GreenServe.Records.Runs;

namespace GreenServe.Serving.Load;

/// <summary>Collects how late the client sent its requests, and picks those that a verdict is about.</summary>
/// <param name="isClosedLoop">Whether the load is a closed loop.</param>
/// <remarks>
/// <para>
/// The lag of a request is the time from schedule to issue, less the time in the client's queue and less the wait for a connection. The
/// network and the server take that wait, which is kept apart.
/// </para>
/// <para>
/// In an open loop every measured request counts. In a closed loop only requests that were issued in the window count: before it opens,
/// users begin, and nothing of that enters a figure. A user who sends late is a user who thinks for longer, so lag lengthens the cycle of
/// a user and takes load away. The share that it takes is the mean lag over the mean cycle.
/// </para>
/// </remarks>
internal sealed class SendLateness(bool isClosedLoop)
{
    /// <summary>The requests of a closed loop that ended before it was known when the window opens. Afterwards none waits.</summary>
    private readonly List<Sent> waiting = [];
    private readonly Tally counted = new();
    private readonly Tally early = new();
    private double? windowStartSeconds = isClosedLoop ? null : double.NegativeInfinity;

    /// <summary>The lags that count by what is known so far.</summary>
    internal LatencyHistogram LagsSoFar => counted.Lags;

    /// <summary>Mean cycle of a user so far (s); <c>null</c> in an open loop, and where none ended.</summary>
    internal double? MeanCycleSoFarSeconds => isClosedLoop ? counted.MeanCycleSeconds : null;

    /// <summary>Adds a measured request. One that was never sent is passed over.</summary>
    /// <param name="trace">The trace of the request.</param>
    /// <param name="row">Its row in the record.</param>
    /// <param name="ticksPerSecond">Frequency of the trace's clock.</param>
    internal void Add(RequestTrace trace, RequestRecord row, double ticksPerSecond)
    {
        if (row.IssuedSeconds is not { } issued)
        {
            return;
        }

        double wait = trace.ConnectionWaitTicks / ticksPerSecond;
        double lag = issued - row.ScheduledSeconds - (row.ClientQueueSeconds ?? 0) - wait;
        double? cycle = row.CompletedSeconds is { } completed ? trace.Request.ThinkSeconds + completed - row.ScheduledSeconds : null;
        Sent request = new(issued, lag, wait, cycle);
        if (windowStartSeconds is null)
        {
            waiting.Add(request);
        }
        else
        {
            Count(request);
        }
    }

    /// <summary>Notes when the window of a closed loop opens. Requests are counted as they end from then on, and none is kept.</summary>
    /// <param name="seconds">When the window opens (s on the run's clock).</param>
    internal void NoteWindowStart(double seconds)
    {
        windowStartSeconds = seconds;
        CountWaiting();
    }

    /// <summary>Puts what counts into the sums of a run.</summary>
    /// <param name="hasWindow">Whether there is a steady window. Without one every request counts.</param>
    /// <param name="summary">Receives the lags, the waits for a connection and, in a closed loop, the mean cycle.</param>
    internal void SumInto(LoadSummary summary, bool hasWindow)
    {
        windowStartSeconds ??= double.NegativeInfinity;
        CountWaiting();
        if (!hasWindow)
        {
            counted.Add(early);
        }

        summary.ScheduleLags.Add(counted.Lags);
        summary.ConnectionWaits.Add(counted.Waits);
        summary.MeanCycleSeconds = isClosedLoop ? counted.MeanCycleSeconds : null;
    }

    private void CountWaiting()
    {
        foreach (Sent request in waiting)
        {
            Count(request);
        }

        waiting.Clear();
        waiting.TrimExcess();
    }

    private void Count(Sent request) => (request.IssuedSeconds >= windowStartSeconds ? counted : early).Add(request);

    /// <summary>Sums over requests.</summary>
    private sealed class Tally
    {
        private double cycles;
        private long whole;

        internal LatencyHistogram Lags { get; } = new();

        internal LatencyHistogram Waits { get; } = new();

        internal double? MeanCycleSeconds => whole > 0 ? cycles / whole : null;

        internal void Add(Sent request)
        {
            Lags.Add(Math.Max(0, request.LagSeconds));
            Waits.Add(request.WaitSeconds);
            if (request.CycleSeconds is { } cycle)
            {
                cycles += cycle;
                whole++;
            }
        }

        internal void Add(Tally other)
        {
            Lags.Add(other.Lags);
            Waits.Add(other.Waits);
            cycles += other.cycles;
            whole += other.whole;
        }
    }

    /// <summary>One request that was sent.</summary>
    /// <param name="IssuedSeconds">When its bytes went (s on the run's clock).</param>
    /// <param name="LagSeconds">How late that was by the client's fault (s).</param>
    /// <param name="WaitSeconds">How long it waited for a connection (s).</param>
    /// <param name="CycleSeconds">
    /// From the end of the user's last request to the end of this one (s); <c>null</c> where it did not end.
    /// </param>
    private readonly record struct Sent(double IssuedSeconds, double LagSeconds, double WaitSeconds, double? CycleSeconds);
}
