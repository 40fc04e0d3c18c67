using static GreenServe.Metering.DeviceUnits;

namespace GreenServe.Metering.Rapl;

/// <summary>Makes one counter that never falls out of a RAPL counter that wraps.</summary>
/// <remarks>
/// Two wraps between readings cannot be seen, so a gap in which they could have happened breaks the counter, and so does a fall
/// that would need more power than a package can draw: then the counter was reset and did not wrap.
/// </remarks>
internal sealed class RaplAccumulator(ulong rangeMicrojoules)
{
    /// <summary>No package, memory or platform zone draws more (W).</summary>
    internal const double CeilingWatts = 4000;

    private readonly RaplCounter counter = new(rangeMicrojoules);
    private ulong? last;
    private double lastSeconds;
    private double joules;

    /// <summary>A gap in which the counter could have gone round (s).</summary>
    internal double WrapSeconds => JoulesOfMicrojoules(rangeMicrojoules) / CeilingWatts;

    /// <summary>Longest safe interval between readings (s): half of <see cref="WrapSeconds"/>.</summary>
    internal double LongestIntervalSeconds => WrapSeconds / 2;

    /// <summary>Takes a reading and hands on joules since the first one, or why they cannot be told.</summary>
    /// <param name="microjoules">The counter (µJ).</param>
    /// <param name="atSeconds">When it was read (s on the run's clock).</param>
    /// <param name="meter">Number of the meter in its source.</param>
    /// <param name="batch">Where the outcome goes.</param>
    internal void Take(ulong microjoules, double atSeconds, int meter, ReadingBatch batch)
    {
        if (microjoules > rangeMicrojoules)
        {
            batch.Fail(meter, new ReadingFailure("out-of-range", $"the counter shows {microjoules} µJ, beyond its range of {rangeMicrojoules} µJ"));
            return;
        }

        if (last is { } earlier)
        {
            double gap = atSeconds - lastSeconds;
            double used = counter.JoulesBetween(earlier, microjoules);
            if (gap >= WrapSeconds)
            {
                double rangeJoules = JoulesOfMicrojoules(rangeMicrojoules);
                batch.Fail(meter, new ReadingFailure(
                    "wraps-unseen",
                    FormattableString.Invariant(
                        $"no reading for {gap:0.#} s, in which the counter could have wrapped more than once (range {rangeJoules:0} J)"),
                    BreaksCounter: true));
            }
            else if (microjoules < earlier && used > CeilingWatts * Math.Max(gap, 0.01))
            {
                batch.Fail(meter, new ReadingFailure(
                    "jumped-back", $"the counter fell from {earlier} µJ to {microjoules} µJ, which is no wrap: it was reset", BreaksCounter: true));
                used = 0;
            }

            joules += used;
        }

        (last, lastSeconds) = (microjoules, atSeconds);
        batch.Add(meter, joules);
    }
}
