using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using GreenServe.Workloads.Randomness;

namespace GreenServe.Simulation.Hardware;

/// <summary>
/// Supply voltage against clock, both relative to their values at the highest clock: flat up to a knee, then a power law up to 1. It
/// determines how power falls with the clock.
/// </summary>
/// <remarks>
/// No public table of the modelled parts was found. The numbers are fitted to power readings at several clocks; each profile says which.
/// </remarks>
public sealed record VoltageCurve
{
    /// <summary>Relative voltage up to the knee, in (0, 1].</summary>
    [Range(0, 1, MinimumIsExclusive = true)]
    [JsonPropertyName("floor")]
    public required double FloorRatio { get; init; }

    /// <summary>Relative clock up to which the voltage stays at its floor, in [0, 1).</summary>
    [Range(0, 1, MaximumIsExclusive = true)]
    [JsonPropertyName("knee")]
    public required double KneeRatio { get; init; }

    /// <summary>
    /// Exponent of the rise from the knee to the highest clock, from 0.1 to 10: 1 is a straight line, and with more the voltage rises late.
    /// </summary>
    /// <value>Default 1.</value>
    [Range(0.1, 10)]
    public double Exponent { get; init; } = 1;

    /// <summary>Share of the memory power that falls with the square of the voltage, from 0 to 1.</summary>
    [Range(0, 1)]
    public required double MemoryShare { get; init; }

    /// <summary>
    /// Relative voltage at a clock: <c>floor + (1 - floor)·((r - knee) / (1 - knee))^exponent</c> above the knee.
    /// </summary>
    /// <param name="clockRatio">The clock relative to the highest clock, in (0, 1].</param>
    public double VoltageRatioAt(double clockRatio)
    {
        if (clockRatio <= KneeRatio)
        {
            return FloorRatio;
        }

        return Exponent == 1
            ? FloorRatio + ((1 - FloorRatio) * (clockRatio - KneeRatio) / (1 - KneeRatio))
            : FloorRatio + ((1 - FloorRatio) * PortableMath.Power((clockRatio - KneeRatio) / (1 - KneeRatio), Exponent));
    }
}
