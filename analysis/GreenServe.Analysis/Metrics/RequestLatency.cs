using GreenServe.Records.Requests;
using GreenServe.Records.Slos;

namespace GreenServe.Analysis.Metrics;

/// <summary>A latency of requests (s). It is <c>null</c> where a request lacks an instant or a count that it needs.</summary>
internal sealed class RequestLatency
{
    private readonly Func<RequestRecord, double?> seconds;

    private RequestLatency(Func<RequestRecord, double?> seconds) => this.seconds = seconds;

    /// <summary>Time to first token: first token - issued.</summary>
    internal static RequestLatency Ttft { get; } =
        new(request => request.FirstTokenSeconds - request.IssuedSeconds) { Limited = SloMetric.Ttft };

    /// <summary>First token - scheduled: what a user waits, a late client included.</summary>
    internal static RequestLatency TtftFromScheduled { get; } = new(request => request.FirstTokenSeconds - request.ScheduledSeconds);

    /// <summary>
    /// Time per output token: (last token - first token) / (output tokens - 1); <c>null</c> below two tokens.
    /// </summary>
    /// <remarks>
    /// Records of earlier builds do not state when the last token came. In these the end of the request stands for it, so that what a
    /// server sends after the last token is in this time. A simulated request ends with its last token.
    /// </remarks>
    internal static RequestLatency Tpot { get; } = new(request => request.OutputTokensCounted is > 1
        ? ((request.LastTokenSeconds ?? request.CompletedSeconds) - request.FirstTokenSeconds) / (request.OutputTokensCounted - 1)
        : null)
    { Limited = SloMetric.Tpot };

    /// <summary>End-to-end latency: completed - issued.</summary>
    internal static RequestLatency E2e { get; } =
        new(request => request.CompletedSeconds - request.IssuedSeconds) { Limited = SloMetric.E2e };

    /// <summary>Completed - scheduled: what a user waits for the whole answer, a late client included.</summary>
    internal static RequestLatency E2eFromScheduled { get; } = new(request => request.CompletedSeconds - request.ScheduledSeconds);

    /// <summary>Schedule lag: issued - scheduled, of every request that was issued, completed or not.</summary>
    internal static RequestLatency ScheduleLag { get; } =
        new(request => request.IssuedSeconds - request.ScheduledSeconds) { IsOfCompleted = false };

    /// <summary>Every latency.</summary>
    internal static IReadOnlyList<RequestLatency> All { get; } = [Ttft, TtftFromScheduled, Tpot, E2e, E2eFromScheduled, ScheduleLag];

    /// <summary>Whether only the latencies of completed requests count.</summary>
    internal bool IsOfCompleted { get; private init; } = true;

    /// <summary>
    /// The latency as SLOs name it; <c>null</c> where none limits it. Its distribution over a run is kept as a curve.
    /// </summary>
    internal SloMetric? Limited { get; private init; }

    /// <summary>The latency of a request that an SLO limits (s); <c>null</c> where the request has none, as one token has no gap.</summary>
    /// <remarks>For TBT it is the 99th percentile of the request's own token gaps, or its TPOT where gaps were not kept.</remarks>
    /// <param name="request">The request.</param>
    /// <param name="metric">The latency that the SLO limits.</param>
    internal static double? Seconds(RequestRecord request, SloMetric metric) => metric switch
    {
        SloMetric.Ttft => Ttft.Seconds(request),
        SloMetric.Tbt => request.TbtP99Seconds ?? Tpot.Seconds(request),
        SloMetric.Tpot => Tpot.Seconds(request),
        SloMetric.E2e => E2e.Seconds(request),
        _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, "unknown metric"),
    };

    /// <summary>The latency of a request (s); <c>null</c> where the request does not have it.</summary>
    internal double? Seconds(RequestRecord request) => seconds(request);
}
