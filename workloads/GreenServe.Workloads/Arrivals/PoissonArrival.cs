using System.ComponentModel.DataAnnotations;
using GreenServe.Workloads.Randomness;

namespace GreenServe.Workloads.Arrivals;

/// <summary>A Poisson process: gaps are independent and exponential, with one before the first arrival.</summary>
public sealed record PoissonArrival : ArrivalProcess
{
    /// <summary>Mean arrivals per second. There is no default, since a rate is a claim about the users.</summary>
    /// <value>Above 0, at most 1000000.</value>
    [Range(0, 1_000_000, MinimumIsExclusive = true)]
    public required double RequestsPerSecond { get; init; }

    /// <inheritdoc />
    public override double? MeanRequestsPerSecond() => RequestsPerSecond;

    internal override IEnumerable<double> ArrivalSeconds(ScheduleSources sources)
    {
        RandomSequence random = sources.Random(RandomNames.Arrival);
        double units = 0;
        while (true)
        {
            // The division by the rate comes last, so that the same seed at twice the rate is the same process at twice the speed.
            units += random.NextExponential();
            yield return units / RequestsPerSecond;
        }
    }
}
