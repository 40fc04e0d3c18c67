using GreenServe.Records.EnergyAccounting;

namespace GreenServe.Metering.Characterization;

/// <summary>How a meter of power follows a sudden change of load.</summary>
/// <param name="BeforeWatts">Level before (W).</param>
/// <param name="AfterWatts">Level after (W).</param>
/// <param name="TenPercentSeconds">Time from the change until a tenth of the way was shown (s); <c>null</c> if it never was.</param>
/// <param name="HalfSeconds">Until half of the way (s).</param>
/// <param name="NinetyPercentSeconds">Until nine tenths (s).</param>
public sealed record StepResponse(
    double BeforeWatts, double AfterWatts, double? TenPercentSeconds, double? HalfSeconds, double? NinetyPercentSeconds)
{
    /// <summary>The response to a change at a known moment.</summary>
    /// <param name="series">Readings in watts.</param>
    /// <param name="changeSeconds">When the load changed (s on the series' clock).</param>
    /// <param name="lookSeconds">How far before and after it to look (s); the levels are means over the far half of each side.</param>
    /// <returns>The response; <c>null</c> if readings are missing on a side, or the two levels are too near each other.</returns>
    public static StepResponse? Of(MeterSeries series, double changeSeconds, double lookSeconds)
    {
        double? before = Mean(series, changeSeconds - lookSeconds, changeSeconds);
        double? after = Mean(series, changeSeconds + (lookSeconds / 2), changeSeconds + lookSeconds);
        if (series.IsCounter || before is not { } low || after is not { } high || Math.Abs(high - low) < 0.1 * Math.Max(Math.Abs(high), Math.Abs(low)))
        {
            return null;
        }

        double? Crossing(double share)
        {
            double level = low + (share * (high - low));
            for (int index = Math.Max(0, series.IndexAtOrBefore(changeSeconds)); index < series.Count && series.Seconds[index] <= changeSeconds + lookSeconds; index++)
            {
                bool isBeyond = high > low ? series.Values[index] >= level : series.Values[index] <= level;
                if (series.Seconds[index] >= changeSeconds && isBeyond)
                {
                    return series.Seconds[index] - changeSeconds;
                }
            }

            return null;
        }

        return new StepResponse(low, high, Crossing(0.1), Crossing(0.5), Crossing(0.9));
    }

    private static double? Mean(MeterSeries series, double from, double to)
    {
        double sum = 0;
        int count = 0;
        for (int index = Math.Max(0, series.IndexAtOrBefore(from)); index < series.Count && series.Seconds[index] <= to; index++)
        {
            if (series.Seconds[index] >= from)
            {
                (sum, count) = (sum + series.Values[index], count + 1);
            }
        }

        return count > 0 ? sum / count : null;
    }
}
