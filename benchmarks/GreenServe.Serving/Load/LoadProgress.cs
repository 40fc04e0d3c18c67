using GreenServe.Records.Verdicts;

namespace GreenServe.Serving.Load;

/// <summary>What a load is doing at one moment, for whoever watches it. Nothing is judged by it.</summary>
/// <remarks>Latencies and rates are of the last <see cref="WindowSeconds"/>. A number that is not known yet is <c>null</c>.</remarks>
public sealed record LoadProgress
{
    /// <summary>Length of the time that latencies and rates cover (s).</summary>
    public const double WindowSeconds = 10;

    /// <summary>What the load is doing.</summary>
    public required LoadStage Stage { get; init; }

    /// <summary>When the load began (s on the run's clock).</summary>
    public required double OriginSeconds { get; init; }

    /// <summary>Time since the load began (s).</summary>
    public required double ElapsedSeconds { get; init; }

    /// <summary>Estimate of the time until the last request has ended (s); <c>null</c> where nobody knows.</summary>
    /// <remarks>
    /// The estimate follows from the times of the schedule where it has any, and otherwise from the share of the tokens that have come. The
    /// drain is taken to last as long as a request has lasted on average.
    /// </remarks>
    public double? RemainingSeconds { get; init; }

    /// <summary>Requests of the schedule.</summary>
    public required long Planned { get; init; }

    /// <summary>Requests sent so far.</summary>
    public required long Sent { get; init; }

    /// <summary>Requests in flight.</summary>
    public required int InFlight { get; init; }

    /// <summary>Requests that have completed so far.</summary>
    public required long Completed { get; init; }

    /// <summary>Requests that have ended otherwise so far.</summary>
    public required long Failed { get; init; }

    /// <summary>Output tokens received so far.</summary>
    public required double OutputTokens { get; init; }

    /// <summary>Output tokens received per second.</summary>
    public required double OutputTokensPerSecond { get; init; }

    /// <summary>Requests completed per second.</summary>
    public required double RequestsPerSecond { get; init; }

    /// <summary>Median TTFT (s).</summary>
    public double? TtftP50Seconds { get; init; }

    /// <summary>99th percentile of the TTFT (s).</summary>
    public double? TtftP99Seconds { get; init; }

    /// <summary>Median TBT (s). Where more than 4,000 tokens come between two looks, it is that of a random sample.</summary>
    public double? TbtP50Seconds { get; init; }

    /// <summary>99th percentile of the TBT (s), of the same sample.</summary>
    public double? TbtP99Seconds { get; init; }

    /// <summary>99th percentile of the schedule lag (s), of the requests that have ended and that the verdict counts.</summary>
    public double? ScheduleLagP99Seconds { get; init; }

    /// <summary>The reasons against the run that show already, by the limits of the verdict.</summary>
    public IReadOnlyList<VerdictReason> Reasons { get; init; } = [];
}

/// <summary>What a load is doing.</summary>
public enum LoadStage
{
    /// <summary>Requests are sent, and do not count yet.</summary>
    WarmingUp,

    /// <summary>Requests are sent and measured.</summary>
    Measuring,

    /// <summary>Nothing is sent any more; requests in flight come to their end.</summary>
    Draining,
}
