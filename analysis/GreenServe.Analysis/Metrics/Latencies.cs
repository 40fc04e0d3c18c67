using GreenServe.Records.Requests;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Metrics;

/// <summary>Latency distributions of a sample of requests. A distribution is <c>null</c> where no request has such a latency.</summary>
public sealed record Latencies
{
    /// <summary>Time to first token of completed requests: first token - issued.</summary>
    public LatencySummary? Ttft { get; init; }

    /// <summary>First token - scheduled, of completed requests.</summary>
    public LatencySummary? TtftFromScheduled { get; init; }

    /// <summary>Gaps between tokens, pooled over the requests of the run; <c>null</c> also if gaps were not kept.</summary>
    public LatencySummary? Tbt { get; init; }

    /// <summary>Mean gap of each completed request, as <see cref="RequestLatency.TpotSeconds"/> defines it.</summary>
    public LatencySummary? Tpot { get; init; }

    /// <summary>End-to-end latency of completed requests: completed - issued.</summary>
    public LatencySummary? E2e { get; init; }

    /// <summary>Completed - scheduled, of completed requests.</summary>
    public LatencySummary? E2eFromScheduled { get; init; }

    /// <summary>Issued - scheduled, of every request that was issued, completed or not.</summary>
    public LatencySummary? ScheduleLag { get; init; }

    /// <summary>Summarises the latencies of a sample.</summary>
    /// <param name="requests">The sample. Latencies other than the schedule lag are of its completed requests.</param>
    /// <param name="gaps">Token gaps; empty if they were not kept.</param>
    /// <param name="withCurves">Whether to keep the distributions of TTFT, TPOT and E2E as curves.</param>
    public static Latencies Of(IReadOnlyList<RequestRecord> requests, IEnumerable<LatencyHistogram> gaps, bool withCurves = false)
    {
        IEnumerable<RequestRecord> completed = requests.Where(request => request.Status == RequestStatus.Completed);
        return new Latencies
        {
            Ttft = Summary(completed, RequestLatency.TtftSeconds, withCurves),
            TtftFromScheduled = Summary(completed, RequestLatency.TtftFromScheduledSeconds),
            Tbt = LatencySummary.Of(Merge(gaps)),
            Tpot = Summary(completed, RequestLatency.TpotSeconds, withCurves),
            E2e = Summary(completed, RequestLatency.E2eSeconds, withCurves),
            E2eFromScheduled = Summary(completed, RequestLatency.E2eFromScheduledSeconds),
            ScheduleLag = Summary(requests, RequestLatency.ScheduleLagSeconds),
        };
    }

    private static LatencySummary? Summary(
        IEnumerable<RequestRecord> requests, Func<RequestRecord, double?> latency, bool withCurve = false) =>
        LatencySummary.Of(requests.Select(latency).Where(seconds => seconds is not null).Select(seconds => seconds!.Value), withCurve);

    private static LatencyHistogram Merge(IEnumerable<LatencyHistogram> histograms)
    {
        LatencyHistogram sum = new();
        foreach (LatencyHistogram histogram in histograms)
        {
            sum.Add(histogram);
        }

        return sum;
    }
}
