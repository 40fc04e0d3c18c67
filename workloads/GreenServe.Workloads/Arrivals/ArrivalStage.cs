using System.ComponentModel.DataAnnotations;

namespace GreenServe.Workloads.Arrivals;

/// <summary>A stretch of time with a constant rate, or with a rate that changes linearly.</summary>
public sealed record ArrivalStage
{
    /// <summary>Length of the stage in seconds.</summary>
    /// <value>Above 0, at most 10000000.</value>
    [Range(0, 10_000_000, MinimumIsExclusive = true)]
    public required double Seconds { get; init; }

    /// <summary>Mean arrivals per second, at the start of the stage if the rate changes; 0 is a pause.</summary>
    /// <value>From 0 to 1000000.</value>
    [Range(0, 1_000_000)]
    public required double RequestsPerSecond { get; init; }

    /// <summary>Mean arrivals per second at the end of the stage, reached linearly; <c>null</c> keeps the rate.</summary>
    /// <value>From 0 to 1000000.</value>
    [Range(0, 1_000_000)]
    public double? EndRequestsPerSecond { get; init; }

    /// <summary>Expected number of arrivals in the stage.</summary>
    public double ExpectedRequests() => Seconds * (RequestsPerSecond + (EndRequestsPerSecond ?? RequestsPerSecond)) / 2;

    /// <summary>The stage with its rate multiplied by a factor.</summary>
    internal ArrivalStage Times(double factor) =>
        this with { RequestsPerSecond = factor * RequestsPerSecond, EndRequestsPerSecond = factor * EndRequestsPerSecond };
}
