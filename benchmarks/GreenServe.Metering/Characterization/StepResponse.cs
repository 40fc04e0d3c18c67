using GreenServe.Records.EnergyAccounting;

namespace GreenServe.Metering.Characterization;

/// <summary>How a meter of power follows a sudden change of load.</summary>
/// <param name="BeforeWatts">The level before the change (W).</param>
/// <param name="AfterWatts">The level after the change (W).</param>
/// <param name="TenPercentSeconds">The time until the meter showed a tenth of the way (s); <c>null</c> if it never did.</param>
/// <param name="HalfSeconds">The time until the meter showed half of the way (s); <c>null</c> if it never did.</param>
/// <param name="NinetyPercentSeconds">The time until the meter showed nine tenths of the way (s); <c>null</c> if it never did.</param>
public sealed record StepResponse(
    double BeforeWatts, double AfterWatts, double? TenPercentSeconds, double? HalfSeconds, double? NinetyPercentSeconds)
{
    /// <summary>Levels nearer to each other than this share of the larger are no step: noise would place its crossings.</summary>
    private const double SmallestStepRatio = 0.1;

    /// <summary>Finds the response to a change at a known moment.</summary>
    /// <param name="series">The readings, in watts.</param>
    /// <param name="changeSeconds">The moment of the change (s on the clock of the series).</param>
    /// <param name="lookSeconds">
    /// The time to look at on each side of the change (s). The level before is the mean of the whole side before, and the level after
    /// is the mean of the second half of the side after.
    /// </param>
    /// <returns>The response; <c>null</c> if readings are missing on a side, or if the two levels are too near each other.</returns>
    public static StepResponse? Of(MeterSeries series, double changeSeconds, double lookSeconds)
    {
        double endSeconds = changeSeconds + lookSeconds;
        double? before = Mean(series, changeSeconds - lookSeconds, changeSeconds);
        double? after = Mean(series, changeSeconds + (lookSeconds / 2), endSeconds);
        if (series.IsCounter || before is not { } first || after is not { } last || !IsStep(first, last))
        {
            return null;
        }

        double? Crossing(double share)
        {
            double level = first + (share * (last - first));
            foreach ((double seconds, double watts) in Between(series, changeSeconds, endSeconds))
            {
                if (last > first ? watts >= level : watts <= level)
                {
                    return seconds - changeSeconds;
                }
            }

            return null;
        }

        return new StepResponse(first, last, Crossing(0.1), Crossing(0.5), Crossing(0.9));
    }

    private static bool IsStep(double first, double last) =>
        Math.Abs(last - first) >= SmallestStepRatio * Math.Max(Math.Abs(last), Math.Abs(first));

    private static double? Mean(MeterSeries series, double from, double to)
    {
        double sum = 0;
        int count = 0;
        foreach ((_, double value) in Between(series, from, to))
        {
            sum += value;
            count++;
        }

        return count > 0 ? sum / count : null;
    }

    private static IEnumerable<(double Seconds, double Value)> Between(MeterSeries series, double from, double to)
    {
        for (int index = Math.Max(0, series.IndexAtOrBefore(from)); index < series.Count && series.Seconds[index] <= to; index++)
        {
            if (series.Seconds[index] >= from)
            {
                yield return (series.Seconds[index], series.Values[index]);
            }
        }
    }
}
