using System.ComponentModel.DataAnnotations;
using GreenServe.Workloads.Randomness;

namespace GreenServe.Workloads.Arrivals;

/// <summary>Evenly spaced arrivals: the first at 0, then one each 1 / rate seconds.</summary>
public sealed record ConstantArrival : ArrivalProcess
{
    /// <summary>Arrivals per second. There is no default, since a rate is a claim about the users.</summary>
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
