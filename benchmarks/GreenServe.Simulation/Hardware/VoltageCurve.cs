using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace GreenServe.Simulation.Hardware;

/// <summary>Supply voltage against clock, both relative to the highest clock: flat up to a knee, then linear to 1.</summary>
/// <remarks>No public table of the modelled parts was found: the two numbers are fitted to published power readings at several clocks.</remarks>
public sealed record VoltageCurve
{
    /// <summary>Relative voltage up to the knee (0, 1].</summary>
    [Description("Relative voltage up to the knee.")]
    [Range(0, 1, MinimumIsExclusive = true)]
    public required double Floor { get; init; }

    /// <summary>Relative clock up to which the voltage stays at its floor [0, 1).</summary>
    [Description("Relative clock up to which the voltage stays at its floor.")]
    [Range(0, 1, MaximumIsExclusive = true)]
    public required double Knee { get; init; }

    /// <summary>Relative voltage at a relative clock in (0, 1].</summary>
    public double At(double clockRatio) =>
        clockRatio <= Knee ? Floor : Floor + ((1 - Floor) * (clockRatio - Knee) / (1 - Knee));
}
