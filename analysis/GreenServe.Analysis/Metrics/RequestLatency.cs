using GreenServe.Records.Requests;
using GreenServe.Records.Slos;

namespace GreenServe.Analysis.Metrics;

/// <summary>The latencies of one request (s), as DESIGN defines them. <c>null</c> where an instant or a count is missing.</summary>
public static class RequestLatency
{
    /// <summary>First token - issued.</summary>
    public static double? Ttft(RequestRecord request) => request.FirstTokenSeconds - request.IssuedSeconds;

    /// <summary>First token - scheduled: what a user waits when the client itself is late.</summary>
    public static double? TtftFromScheduled(RequestRecord request) => request.FirstTokenSeconds - request.ScheduledSeconds;

    /// <summary>Completed - issued.</summary>
    public static double? E2e(RequestRecord request) => request.CompletedSeconds - request.IssuedSeconds;

    /// <summary>Completed - scheduled.</summary>
    public static double? E2eFromScheduled(RequestRecord request) => request.CompletedSeconds - request.ScheduledSeconds;

    /// <summary>(Completed - first token) / (output tokens - 1); <c>null</c> below two tokens.</summary>
    public static double? Tpot(RequestRecord request) => request.OutputTokensCounted is > 1
        ? (request.CompletedSeconds - request.FirstTokenSeconds) / (request.OutputTokensCounted - 1)
        : null;

    /// <summary>Issued - scheduled.</summary>
    public static double? ScheduleLag(RequestRecord request) => request.IssuedSeconds - request.ScheduledSeconds;

    /// <summary>
    /// The latency an SLO looks at for one request. For TBT that is the 99th percentile of the request's own token gaps, or its
    /// TPOT where gaps were not kept; <c>null</c> where the request has no such latency (one token has no gap).
    /// </summary>
    public static double? Of(RequestRecord request, SloMetric metric) => metric switch
    {
        SloMetric.Ttft => Ttft(request),
        SloMetric.Tbt => request.TbtP99Seconds ?? Tpot(request),
        SloMetric.Tpot => Tpot(request),
        SloMetric.E2e => E2e(request),
        _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, "unknown metric"),
    };
}
