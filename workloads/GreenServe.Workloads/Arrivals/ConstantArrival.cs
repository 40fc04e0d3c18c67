using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using GreenServe.Workloads.Randomness;

namespace GreenServe.Workloads.Arrivals;

/// <summary>Evenly spaced arrivals: request i at i / rate, the first at 0.</summary>
public sealed record ConstantArrival : ArrivalProcess
{
    /// <summary>Arrivals per second.</summary>
    [Description("Arrivals per second. No default: a rate is a claim.")]
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
