using System.ComponentModel.DataAnnotations;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Workloads.Randomness;

namespace GreenServe.Workloads.Arrivals;

/// <summary>Arrivals in bursts: a high rate alternates with a low one or with silence. It begins with the high rate.</summary>
public sealed record OnOffArrival : ArrivalProcess, IChecked
{
    // With fewer requests in a burst and the time after it, the next request takes too long to find.
    private const double MinRequests = 0.001;

    /// <summary>Length of each burst in seconds.</summary>
    /// <value>Above 0, at most 10000000.</value>
    [Range(0, 10_000_000, MinimumIsExclusive = true)]
    public required double OnSeconds { get; init; }

    /// <summary>Length of each time between bursts in seconds.</summary>
    /// <value>Above 0, at most 10000000.</value>
    [Range(0, 10_000_000, MinimumIsExclusive = true)]
    public required double OffSeconds { get; init; }

    /// <summary>Mean arrivals per second in a burst. There is no default, since a rate is a claim about the users.</summary>
    /// <value>Above 0, at most 1000000.</value>
    [Range(0, 1_000_000, MinimumIsExclusive = true)]
    public required double RequestsPerSecond { get; init; }

    /// <summary>Mean arrivals per second between bursts; 0 is silence.</summary>
    /// <value>From 0 to 1000000; default 0.</value>
    [Range(0, 1_000_000)]
    public double OffRequestsPerSecond { get; init; }

    /// <summary>How arrivals are spaced within the rate: poisson or constant.</summary>
    /// <value>Default <see cref="ArrivalSpacing.Poisson"/>.</value>
    public ArrivalSpacing Spacing { get; init; } = ArrivalSpacing.Poisson;

    /// <inheritdoc />
    public override double? MeanRequestsPerSecond() =>
        ((OnSeconds * RequestsPerSecond) + (OffSeconds * OffRequestsPerSecond)) / (OnSeconds + OffSeconds);

    /// <inheritdoc />
    public IEnumerable<Problem> Check()
    {
        double requests = (OnSeconds * RequestsPerSecond) + (OffSeconds * OffRequestsPerSecond);
        if (requests < MinRequests)
        {
            yield return new Problem(
                "$",
                FormattableString.Invariant($"{requests:G3} requests in a burst and the time after it"),
                FormattableString.Invariant($"at least {MinRequests}: longer bursts or a higher rate"));
        }
    }

    internal override IEnumerable<double> ArrivalSeconds(ScheduleSources sources) =>
        RateCurve.Warp(UnitArrivals.Of(Spacing, sources), Alternate());

    private IEnumerable<ArrivalStage> Alternate()
    {
        ArrivalStage on = new() { Seconds = OnSeconds, RequestsPerSecond = RequestsPerSecond };
        ArrivalStage off = new() { Seconds = OffSeconds, RequestsPerSecond = OffRequestsPerSecond };
        while (true)
        {
            yield return on;
            yield return off;
        }
    }
}
