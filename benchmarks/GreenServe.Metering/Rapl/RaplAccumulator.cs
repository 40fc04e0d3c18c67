
namespace GreenServe.Metering.Rapl;

/// <summary>Makes one counter that never falls out of a RAPL counter that wraps.</summary>
/// <remarks>
/// Two wraps between readings cannot be seen, so a gap in which they could have happened breaks the counter. A fall that would need
/// more power than a package can draw breaks it too: the counter was then reset and did not wrap.
/// </remarks>
/// <param name="rangeMicrojoules">The range of the counter (µJ).</param>
internal sealed class RaplAccumulator(ulong rangeMicrojoules)
{
    /// <summary>No package, memory or platform zone draws more (W).</summary>
    internal const double CeilingWatts = 4000;

    /// <summary>
    /// A fall within less than this (s) is judged as if this much time had passed: counters refresh in steps, so power over a
    /// shorter time can seem to be beyond the ceiling.
    /// </summary>
    private const double ShortestGapSeconds = 0.01;

    private readonly RaplCounter counter = new(rangeMicrojoules);
    private Reading? last;
    private double joules;

    /// <summary>The shortest gap in which the counter could have gone round (s).</summary>
    internal double WrapSeconds => DeviceUnits.JoulesOfMicrojoules(rangeMicrojoules) / CeilingWatts;

    /// <summary>The longest safe interval between readings (s): half of <see cref="WrapSeconds"/>.</summary>
    internal double LongestIntervalSeconds => WrapSeconds / 2;

    /// <summary>Takes a reading and hands on the joules since the first one, or why they cannot be told.</summary>
    /// <param name="microjoules">What the counter shows (µJ).</param>
    /// <param name="atSeconds">The time of the reading (s on the clock of the run).</param>
    /// <param name="meter">The number of the meter in its source.</param>
    /// <param name="batch">Receives the outcome.</param>
    internal void Take(ulong microjoules, double atSeconds, int meter, ReadingBatch batch)
    {
        if (microjoules > rangeMicrojoules)
        {
            batch.Fail(meter, new ReadingFailure(
                "out-of-range", $"the counter shows {microjoules} µJ, beyond its range of {rangeMicrojoules} µJ"));
            return;
        }

        if (last is { } earlier)
        {
            double gap = atSeconds - earlier.AtSeconds;
            double used = counter.JoulesBetween(earlier.Microjoules, microjoules);
            bool hasFallen = microjoules < earlier.Microjoules;
            if (gap >= WrapSeconds)
            {
                double rangeJoules = DeviceUnits.JoulesOfMicrojoules(rangeMicrojoules);
                string unseen = FormattableString.Invariant(
                    $"no reading for {gap:0.#} s, in which the counter could have wrapped more than once (range {rangeJoules:0} J)");
                batch.Fail(meter, new ReadingFailure("wraps-unseen", unseen, BreaksCounter: true));
            }
            else if (hasFallen && used > CeilingWatts * Math.Max(gap, ShortestGapSeconds))
            {
                string reset = $"the counter fell from {earlier.Microjoules} µJ to {microjoules} µJ, which is no wrap: it was reset";
                batch.Fail(meter, new ReadingFailure("jumped-back", reset, BreaksCounter: true));
                used = 0;
            }

            joules += used;
        }

        last = new Reading(microjoules, atSeconds);
        batch.Add(meter, joules);
    }

    private readonly record struct Reading(ulong Microjoules, double AtSeconds);
}
