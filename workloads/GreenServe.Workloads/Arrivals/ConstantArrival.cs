using System.ComponentModel.DataAnnotations;
using GreenServe.Workloads.Randomness;

namespace GreenServe.Workloads.Arrivals;

/// <summary>Evenly spaced arrivals: request i at i / rate, the first at 0.</summary>
public sealed record ConstantArrival : ArrivalProcess
{
    /// <summary>Arrivals per second. It has no default: a rate is a claim.</summary>
    /// <value>Above 0, at most 1000000.</value>
    [Range(0, 1_000_000, MinimumIsExclusive = true)]
    public required double RequestsPerSecond { get; init; }

    /// <inheritdoc />
    public override double? MeanRequestsPerSecond() => RequestsPerSecond;

    internal override IEnumerable<double> ArrivalSeconds(ScheduleSources sources)
    {
        for (long request = 0; ; request++)
        {
            yield return request / RequestsPerSecond;
        }
    }
}
