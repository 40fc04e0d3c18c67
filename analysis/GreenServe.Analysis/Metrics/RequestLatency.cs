using GreenServe.Records.Requests;
using GreenServe.Records.Slos;

namespace GreenServe.Analysis.Metrics;

/// <summary>The latencies of one request (s). Each is <c>null</c> where the request lacks an instant or a count that it needs.</summary>
internal static class RequestLatency
{
    /// <summary>Time to first token (s): first token - issued.</summary>
    public static double? TtftSeconds(RequestRecord request) => request.FirstTokenSeconds - request.IssuedSeconds;

    /// <summary>First token - scheduled (s): what a user waits, a late client included.</summary>
    public static double? TtftFromScheduledSeconds(RequestRecord request) => request.FirstTokenSeconds - request.ScheduledSeconds;

    /// <summary>End-to-end latency (s): completed - issued.</summary>
    public static double? E2eSeconds(RequestRecord request) => request.CompletedSeconds - request.IssuedSeconds;

    /// <summary>Completed - scheduled (s): what a user waits for the whole answer, a late client included.</summary>
    public static double? E2eFromScheduledSeconds(RequestRecord request) => request.CompletedSeconds - request.ScheduledSeconds;

    /// <summary>Time per output token (s): (last token - first token) / (output tokens - 1); <c>null</c> below two tokens.</summary>
    /// <remarks>
    /// Records of earlier builds do not state when the last token came. In these the end of the request stands for it, so that what a
    /// server sends after the last token is in this time. A simulated request ends with its last token.
    /// </remarks>
    public static double? TpotSeconds(RequestRecord request) => request.OutputTokensCounted is > 1
        ? ((request.LastTokenSeconds ?? request.CompletedSeconds) - request.FirstTokenSeconds) / (request.OutputTokensCounted - 1)
        : null;

    /// <summary>Schedule lag (s): issued - scheduled.</summary>
    public static double? ScheduleLagSeconds(RequestRecord request) => request.IssuedSeconds - request.ScheduledSeconds;

    /// <summary>The latency of a request that an SLO limits (s); <c>null</c> where the request has none, as one token has no gap.</summary>
    /// <remarks>For TBT it is the 99th percentile of the request's own token gaps, or its TPOT where gaps were not kept.</remarks>
    /// <param name="request">The request.</param>
    /// <param name="metric">The latency that the SLO limits.</param>
    public static double? Seconds(RequestRecord request, SloMetric metric) => metric switch
    {
        SloMetric.Ttft => TtftSeconds(request),
        SloMetric.Tbt => request.TbtP99Seconds ?? TpotSeconds(request),
        SloMetric.Tpot => TpotSeconds(request),
        SloMetric.E2e => E2eSeconds(request),
        _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, "unknown metric"),
    };
}
