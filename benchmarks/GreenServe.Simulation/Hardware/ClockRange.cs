using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Simulation.Hardware;

/// <summary>The clocks an accelerator can be locked to.</summary>
public sealed record ClockRange : IChecked
{
    /// <summary>Lowest clock (MHz).</summary>
    [Description("Lowest clock that can be locked, in MHz.")]
    [Range(1, 10000)]
    public required double LowestMegahertz { get; init; }

    /// <summary>Highest clock (MHz), the default.</summary>
    [Description("Highest clock, in MHz.")]
    [Range(1, 10000)]
    public required double HighestMegahertz { get; init; }

    /// <summary>Distance between two clocks (MHz).</summary>
    [Description("Distance between two clocks, in MHz.")]
    [Range(0, 1000, MinimumIsExclusive = true)]
    public double StepMegahertz { get; init; } = 15;

    /// <summary>Share of the memory bandwidth's clock need: below this share of the highest clock the bandwidth falls with the clock.</summary>
    [Description("Share of the highest clock below which memory bandwidth falls in proportion to the clock.")]
    [Range(0, 1, MinimumIsExclusive = true)]
    public double FullBandwidthRatio { get; init; } = 0.4;

    /// <summary>The clock (MHz) nearest to <paramref name="megahertz"/> that the device has, as a driver sets it.</summary>
    public double Nearest(double megahertz)
    {
        double steps = Math.Round((HighestMegahertz - megahertz) / StepMegahertz);
        return Math.Clamp(HighestMegahertz - (steps * StepMegahertz), LowestMegahertz, HighestMegahertz);
    }

    /// <inheritdoc />
    public IEnumerable<Problem> Check()
    {
        if (LowestMegahertz > HighestMegahertz)
        {
            yield return new Problem("$.lowest_megahertz", LowestMegahertz, $"at most highest_megahertz ({HighestMegahertz})");
        }
    }
}
