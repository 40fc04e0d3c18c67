using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace GreenServe.Simulation.Hardware;

/// <summary>
/// How power falls with the clock. Supply voltage against clock, both relative to the highest clock, is flat up to a knee and then linear
/// to 1; memory power falls with the voltage squared in part only.
/// </summary>
/// <remarks>No public table of the modelled parts was found: the numbers are fitted to published power readings at several clocks.</remarks>
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

    /// <summary>Share of the memory power that falls with the voltage squared [0, 1].</summary>
    [Description("Share of the memory power that falls with the voltage squared.")]
    [Range(0, 1)]
    public required double MemoryShare { get; init; }

    /// <summary>Relative voltage at a relative clock in (0, 1].</summary>
    public double At(double clockRatio) =>
        clockRatio <= Knee ? Floor : Floor + ((1 - Floor) * (clockRatio - Knee) / (1 - Knee));
}
