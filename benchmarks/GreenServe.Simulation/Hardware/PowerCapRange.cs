using System.ComponentModel.DataAnnotations;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Simulation.Hardware;

/// <summary>The power caps that an accelerator accepts.</summary>
public sealed record PowerCapRange : IChecked
{
    /// <summary>Lowest power cap, in watts, from 1 to 10000.</summary>
    [Range(1, 10000)]
    public required double LowestWatts { get; init; }

    /// <summary>Highest power cap, in watts, from 1 to 10000: the thermal design power. It is used where no cap is asked for.</summary>
    [Range(1, 10000)]
    public required double HighestWatts { get; init; }

    /// <summary>Power that a capped board draws, as a share of the cap, in (0, 1].</summary>
    /// <value>Default 1.</value>
    [Range(0, 1, MinimumIsExclusive = true)]
    public double ReachedRatio { get; init; } = 1;

    /// <summary>
    /// Time over which the cap limits the mean of the power, in seconds, from 0 to 60. Shorter peaks may exceed the cap. 0 limits every
    /// step.
    /// </summary>
    /// <value>Default 0.</value>
    [Range(0, 60)]
    public double WindowSeconds { get; init; }

    /// <inheritdoc />
    public IEnumerable<Problem> Check()
    {
        if (LowestWatts > HighestWatts)
        {
            yield return new Problem("$.lowest_watts", LowestWatts, $"at most highest_watts ({HighestWatts})");
        }
    }
}
