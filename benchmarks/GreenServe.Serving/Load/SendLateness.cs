using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;

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
    private readonly List<Sent> sent = [];

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
        sent.Add(new Sent(issued, lag, wait, cycle));
    }

    /// <summary>Puts what counts into the sums of a run.</summary>
    /// <param name="window">The steady window; <c>null</c> where there is none, and then every request counts.</param>
    /// <param name="summary">Receives the lags, the waits for a connection and, in a closed loop, the mean cycle.</param>
    internal void SumInto(LoadSummary summary, MeasurementWindow? window)
    {
        double from = isClosedLoop && window is not null ? window.StartSeconds : double.NegativeInfinity;
        double cycles = 0;
        long whole = 0;
        foreach (Sent request in sent.Where(request => request.IssuedSeconds >= from))
        {
            summary.ScheduleLags.Add(Math.Max(0, request.LagSeconds));
            summary.ConnectionWaits.Add(request.WaitSeconds);
            if (request.CycleSeconds is { } cycle)
            {
                cycles += cycle;
                whole++;
            }
        }

        summary.MeanCycleSeconds = isClosedLoop && whole > 0 ? cycles / whole : null;
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
