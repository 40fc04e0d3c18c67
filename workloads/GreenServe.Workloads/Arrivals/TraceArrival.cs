using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using GreenServe.Workloads.Randomness;
using GreenServe.Workloads.Traces;

namespace GreenServe.Workloads.Arrivals;

/// <summary>The recorded arrivals of the workload's trace. The slice that is used begins at 0.</summary>
public sealed record TraceArrival : ArrivalProcess
{
    /// <summary>Factor by which arrivals are faster than recorded: 2 replays an hour in half an hour.</summary>
    /// <value>Above 0, at most 1000000; default 1.</value>
    [Range(0, 1_000_000, MinimumIsExclusive = true)]
    [JsonPropertyName("speed_up")]
    public double SpeedUpFactor { get; init; } = 1;

    /// <inheritdoc />
    public override double? MeanRequestsPerSecond() => null;

    internal override IEnumerable<double> ArrivalSeconds(ScheduleSources sources)
    {
        foreach (TraceRequest request in sources.Trace.Requests)
        {
            yield return request.ArrivalSeconds / SpeedUpFactor;
        }
    }
}
