using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Workloads.Randomness;

namespace GreenServe.Workloads.Arrivals;

/// <summary>Stages and ramps: a rate that is linear in pieces. Ends with its last stage.</summary>
public sealed record StagedArrival : ArrivalProcess, IChecked
{
    /// <summary>The stages, one after the other; at least one.</summary>
    public required IReadOnlyList<ArrivalStage> Stages { get; init; }

    /// <summary>How arrivals lie around the rate: poisson or constant.</summary>
    /// <value>Default <see cref="ArrivalSpacing.Poisson"/>.</value>
    public ArrivalSpacing Spacing { get; init; } = ArrivalSpacing.Poisson;

    /// <inheritdoc />
    public override double? MeanRequestsPerSecond() => Stages.Sum(stage => stage.ExpectedRequests()) / Stages.Sum(stage => stage.Seconds);

    /// <inheritdoc />
    public override double? EndSeconds() => Stages.Sum(stage => stage.Seconds);

    /// <inheritdoc />
    public IEnumerable<Problem> Check()
    {
        if (Stages.Count == 0)
        {
            yield return new Problem("$.stages", "an empty list", "at least one stage");
        }
        else if (Stages.All(stage => stage.ExpectedRequests() == 0))
        {
            yield return new Problem("$.stages", "a rate of 0 throughout", "at least one stage with a rate greater than 0");
        }
    }

    internal override IEnumerable<double> ArrivalSeconds(ScheduleSources sources) =>
        RateCurve.Warp(UnitArrivals.Of(Spacing, sources), Stages);
}
