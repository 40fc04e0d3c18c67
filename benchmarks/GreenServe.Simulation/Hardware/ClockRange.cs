using System.ComponentModel.DataAnnotations;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Simulation.Hardware;

/// <summary>The clocks that an accelerator can be locked to.</summary>
public sealed record ClockRange : IChecked
{
    /// <summary>Lowest clock that can be locked, in megahertz, from 1 to 10000.</summary>
    [Range(1, 10000)]
    public required double LowestMegahertz { get; init; }

    /// <summary>Highest clock, in megahertz, from 1 to 10000. It is used where no clock is asked for.</summary>
    [Range(1, 10000)]
    public required double HighestMegahertz { get; init; }

    /// <summary>Distance between two clocks, in megahertz, in (0, 1000].</summary>
    /// <value>Default 15.</value>
    [Range(0, 1000, MinimumIsExclusive = true)]
    public double StepMegahertz { get; init; } = 15;

    /// <summary>Share of the highest clock, in (0, 1], below which the memory bandwidth falls in proportion to the clock.</summary>
    /// <value>Default 0.4.</value>
    [Range(0, 1, MinimumIsExclusive = true)]
    public double FullBandwidthRatio { get; init; } = 0.4;

    /// <summary>
    /// Share of the highest clock, in (0, 1], from which matrix products gain no more speed, because a fast limiter of the board holds the
    /// tensor units below the clock that is set. Below it their speed falls in proportion to the clock.
    /// </summary>
    /// <value>Default 1: their speed is proportional to the clock throughout.</value>
    [Range(0, 1, MinimumIsExclusive = true)]
    public double FullComputeRatio { get; init; } = 1;

    /// <summary>
    /// Share of the accelerator's time that the model holds to be independent of the clock, from 0 to 1, that may grow in inverse
    /// proportion to it all the same. It gives the upper end of the uncertainty of a step's time at lower clocks.
    /// </summary>
    /// <value>Default 0.</value>
    [Range(0, 1)]
    public double MaxSlowdownShare { get; init; }

    /// <summary>
    /// Share of the accelerator's slowdown that the model expects of a lower clock, from 0 to 1, that may not come. It gives the lower end
    /// of the uncertainty of a step's time at lower clocks.
    /// </summary>
    /// <value>Default 0.</value>
    [Range(0, 1)]
    public double MaxAvoidedShare { get; init; }

    /// <summary>The clock of the device that is nearest to a clock that is asked for, in megahertz, as a driver sets it.</summary>
    /// <param name="megahertz">The clock that is asked for, in megahertz.</param>
    public double NearestMegahertz(double megahertz)
    {
        double steps = Math.Round((HighestMegahertz - megahertz) / StepMegahertz);
        return Math.Clamp(HighestMegahertz - (steps * StepMegahertz), LowestMegahertz, HighestMegahertz);
    }

    /// <summary>The clock that a driver sets for one that is asked for; one outside of the range as it is, so that it is refused.</summary>
    /// <param name="megahertz">The clock that is asked for, in megahertz.</param>
    internal double SettableMegahertz(double megahertz) =>
        megahertz >= LowestMegahertz && megahertz <= HighestMegahertz ? NearestMegahertz(megahertz) : megahertz;

    /// <inheritdoc />
    public IEnumerable<Problem> Check()
    {
        if (LowestMegahertz > HighestMegahertz)
        {
            yield return new Problem("$.lowest_megahertz", LowestMegahertz, $"at most highest_megahertz ({HighestMegahertz})");
        }
    }
}
