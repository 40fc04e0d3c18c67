using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Simulation.Hardware;

/// <summary>The power caps an accelerator accepts.</summary>
public sealed record PowerCapRange : IChecked
{
    /// <summary>Lowest cap (W).</summary>
    [Description("Lowest power cap in watts.")]
    [Range(1, 10000)]
    public required double LowestWatts { get; init; }

    /// <summary>Highest cap (W), the default: the thermal design power.</summary>
    [Description("Highest power cap in watts, the default: the thermal design power.")]
    [Range(1, 10000)]
    public required double HighestWatts { get; init; }

    /// <summary>Power a capped board really draws, as a share of the cap.</summary>
    [Description("Power that a capped board really draws, as a share of the cap.")]
    [Range(0, 1, MinimumIsExclusive = true)]
    public double ReachedRatio { get; init; } = 1;

    /// <summary>Time over which the cap holds the mean of the power (s); 0 holds every step. Shorter peaks may then exceed the cap.</summary>
    [Description("Time over which the cap holds the mean of the power, in seconds; 0 holds every step.")]
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
