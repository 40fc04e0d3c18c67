using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Workloads.Randomness;

namespace GreenServe.Workloads.Arrivals;

/// <summary>Arrivals in stages and ramps: the rate is piecewise linear. The process ends with its last stage.</summary>
public sealed record StagedArrival : ArrivalProcess, IChecked
{
    /// <summary>The stages, one after the other; at least one.</summary>
    public required IReadOnlyList<ArrivalStage> Stages { get; init; }

    /// <summary>How arrivals are spaced within the rate: poisson or constant.</summary>
    /// <value>Default <see cref="ArrivalSpacing.Poisson"/>.</value>
    public ArrivalSpacing Spacing { get; init; } = ArrivalSpacing.Poisson;

    /// <summary>
    /// Factor on the rate of every stage; <c>null</c> for 1. Where the stages are shares of a peak, it is the peak in requests per second.
    /// </summary>
    /// <value>Above 0, at most 1000000.</value>
    /// <remarks>It is left out of the canonical JSON when absent, so that workloads without it keep their SHA-256.</remarks>
    [Range(0, 1_000_000, MinimumIsExclusive = true)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? LoadFactor { get; init; }

    /// <inheritdoc />
    public override double? MeanRequestsPerSecond() =>
        (LoadFactor ?? 1) * Stages.Sum(stage => stage.ExpectedRequests()) / Stages.Sum(stage => stage.Seconds);

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
        RateCurve.Warp(UnitArrivals.Of(Spacing, sources), LoadFactor is { } factor ? Stages.Select(stage => stage.Times(factor)) : Stages);
}
