namespace GreenServe.Watching.Courses;

/// <summary>The numbers of a run at one moment: one point of every chart. A number that is not known is <c>null</c>.</summary>
public sealed record LiveMoment
{
    /// <summary>Time since the command began; of a record, time since the run began (s).</summary>
    public required double ElapsedSeconds { get; init; }

    /// <summary>Number of points that had ended.</summary>
    public int PointsEnded { get; init; }

    /// <summary>Requests that were in flight.</summary>
    public int? InFlightRequests { get; init; }

    /// <summary>Requests completed per second in the 10 s before.</summary>
    public double? RequestsPerSecond { get; init; }

    /// <summary>Output tokens per second in the 10 s before.</summary>
    public double? OutputTokensPerSecond { get; init; }

    /// <summary>Median TTFT of the 10 s before (s).</summary>
    public double? TtftP50Seconds { get; init; }

    /// <summary>99th percentile of the TTFT of the 10 s before (s).</summary>
    public double? TtftP99Seconds { get; init; }

    /// <summary>Median TBT of the 10 s before (s).</summary>
    public double? TbtP50Seconds { get; init; }

    /// <summary>99th percentile of the TBT of the 10 s before (s).</summary>
    public double? TbtP99Seconds { get; init; }

    /// <summary>Median TPOT of the requests that ended in the 10 s before (s). Only a record has it, in place of the TBT.</summary>
    public double? TpotP50Seconds { get; init; }

    /// <summary>99th percentile of the TPOT of the requests that ended in the 10 s before (s). Only a record has it.</summary>
    public double? TpotP99Seconds { get; init; }

    /// <summary>Energy of the headline scope divided by the output tokens, both since the load began (J).</summary>
    public double? JoulesPerOutputToken { get; init; }

    /// <summary>99th percentile of the client's own schedule lag since the load began (s).</summary>
    public double? ScheduleLagP99Seconds { get; init; }

    /// <summary>Power of each meter (W), by its name. A meter without a number is left out.</summary>
    public IReadOnlyDictionary<string, double> MeterWatts { get; init; } = new Dictionary<string, double>();
}
