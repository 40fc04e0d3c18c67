using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace GreenServe.Simulation.Hardware;

/// <summary>
/// Supply voltage against clock, both relative to their values at the highest clock: flat up to a knee, then linear up to 1. It determines
/// how power falls with the clock.
/// </summary>
/// <remarks>
/// No public table of the modelled parts was found. The numbers are fitted to published power readings at several clocks.
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

    /// <summary>Share of the memory power that falls with the square of the voltage, from 0 to 1.</summary>
    [Range(0, 1)]
    public required double MemoryShare { get; init; }

    /// <summary>Relative voltage at a clock.</summary>
    /// <param name="clockRatio">The clock relative to the highest clock, in (0, 1].</param>
    public double VoltageRatioAt(double clockRatio) =>
        clockRatio <= KneeRatio ? FloorRatio : FloorRatio + ((1 - FloorRatio) * (clockRatio - KneeRatio) / (1 - KneeRatio));
}
