using GreenServe.Records.Requests;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Metrics;

/// <summary>Latency distributions of the completed requests of a sample. <c>null</c> where none has such a latency.</summary>
public sealed record Latencies
{
    /// <summary>First token - issued.</summary>
    public LatencySummary? Ttft { get; init; }

    /// <summary>First token - scheduled.</summary>
    public LatencySummary? TtftFromScheduled { get; init; }

    /// <summary>Gaps between tokens, pooled over all completed requests of the run; <c>null</c> if they were not kept.</summary>
    public LatencySummary? Tbt { get; init; }

    /// <summary>Mean gap of each request.</summary>
    public LatencySummary? Tpot { get; init; }

    /// <summary>Completed - issued.</summary>
    public LatencySummary? E2e { get; init; }

    /// <summary>Completed - scheduled.</summary>
    public LatencySummary? E2eFromScheduled { get; init; }

    /// <summary>Issued - scheduled, of every request that was issued.</summary>
    public LatencySummary? ScheduleLag { get; init; }

    /// <summary>Summarises requests; only completed ones enter.</summary>
    /// <param name="requests">The sample.</param>
    /// <param name="gaps">Token gaps; empty if not kept.</param>
    /// <param name="withCurves">Whether to keep the distributions of TTFT, TPOT and E2E as curves.</param>
    public static Latencies Of(IReadOnlyList<RequestRecord> requests, IEnumerable<LatencyHistogram> gaps, bool withCurves = false)
    {
        IEnumerable<RequestRecord> completed = requests.Where(request => request.Status == RequestStatus.Completed);
        return new Latencies
        {
            Ttft = Summary(completed, RequestLatency.Ttft, withCurves),
            TtftFromScheduled = Summary(completed, RequestLatency.TtftFromScheduled),
            Tbt = LatencySummary.Of(Merge(gaps)),
            Tpot = Summary(completed, RequestLatency.Tpot, withCurves),
            E2e = Summary(completed, RequestLatency.E2e, withCurves),
            E2eFromScheduled = Summary(completed, RequestLatency.E2eFromScheduled),
            ScheduleLag = Summary(requests, RequestLatency.ScheduleLag),
        };
    }

    private static LatencySummary? Summary(IEnumerable<RequestRecord> requests, Func<RequestRecord, double?> latency, bool withCurve = false) =>
        LatencySummary.Of(requests.Select(latency).Where(seconds => seconds is not null).Select(seconds => seconds!.Value), withCurve);

    private static LatencyHistogram Merge(IEnumerable<LatencyHistogram> histograms)
    {
        LatencyHistogram sum = new();
        foreach ((int bin, long count) in histograms.SelectMany(histogram => histogram.Bins))
        {
            sum.AddBin(bin, count);
        }

        return sum;
    }
}
