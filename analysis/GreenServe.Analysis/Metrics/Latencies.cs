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

    /// <summary>Mean gap of each completed request, as <see cref="RequestLatency.Tpot"/> defines it.</summary>
    public LatencySummary? Tpot { get; init; }

    /// <summary>End-to-end latency of completed requests: completed - issued.</summary>
    public LatencySummary? E2e { get; init; }

    /// <summary>Completed - scheduled, of completed requests.</summary>
    public LatencySummary? E2eFromScheduled { get; init; }

    /// <summary>Issued - scheduled, of every request that was issued, completed or not.</summary>
    public LatencySummary? ScheduleLag { get; init; }

    /// <summary>The distributions of a sample.</summary>
    /// <param name="of">The distribution of a latency; <c>null</c> where no request has it.</param>
    /// <param name="gaps">Token gaps; empty if they were not kept.</param>
    internal static Latencies Of(Func<RequestLatency, LatencySummary?> of, IEnumerable<LatencyHistogram> gaps) => new()
    {
        Ttft = of(RequestLatency.Ttft),
        TtftFromScheduled = of(RequestLatency.TtftFromScheduled),
        Tbt = LatencySummary.Of(Merge(gaps)),
        Tpot = of(RequestLatency.Tpot),
        E2e = of(RequestLatency.E2e),
        E2eFromScheduled = of(RequestLatency.E2eFromScheduled),
        ScheduleLag = of(RequestLatency.ScheduleLag),
    };

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
