using static GreenServe.Records.EnergyAccounting.EnergyWindow;

namespace GreenServe.Records.EnergyAccounting;

/// <summary>Measures the energy of a meter of power over a window: the area under its readings.</summary>
/// <remarks>
/// A reading that averages over the last W seconds is centred W/2 earlier, so the readings are integrated W/2 later than the
/// window. The error at an edge is (W/2 + one refresh) times the spread of the readings around it. A meter of instant power misses
/// part of the time (75 % on an A100 or H100), and this error is not included. Therefore a counter or averaged power is preferred.
/// </remarks>
internal static class PowerWindow
{
    /// <summary>Longest gap between readings (s). In a longer gap the power is unknown: a load may start and end in it.</summary>
    private const double LongestGapSeconds = 3;

    /// <summary>
    /// Longest gap between readings of a meter that refreshes seldom, in refreshes: single readings may be late or lost.
    /// </summary>
    private const double LongestGapRefreshes = 5;

    internal static EnergyReading Measure(EnergyReading reading, MeterSeries series, double averagingSeconds, double? refreshSeconds)
    {
        double refresh = refreshSeconds ?? 0;
        double longestGap = Math.Max(LongestGapSeconds, LongestGapRefreshes * refresh);
        double shift = averagingSeconds / 2;
        double from = reading.StartSeconds + shift;
        double to = reading.EndSeconds + shift;
        if (Uncovered(reading, series, longestGap) is { } why)
        {
            return reading with { NotMeasured = why };
        }

        double joules = Area(series, from, to);
        if (joules == 0 && !reading.IsEstimated)
        {
            return reading with { NotMeasured = "the meter read 0 W throughout the window" };
        }

        double reach = shift + refresh;
        return reading with
        {
            Joules = joules,
            EdgeErrorJoules = reach * (Spread(series, from, reach) + Spread(series, to, reach)),
            Method = averagingSeconds > 0
                ? Text($"{reading.Method}, integrated with a shift of {shift:0.###} s")
                : $"{reading.Method}, integrated",
        };
    }

    private static string? Uncovered(EnergyReading reading, MeterSeries series, double longestGap)
    {
        ReadOnlySpan<double> seconds = series.Seconds;
        int first = series.IndexAtOrBefore(reading.StartSeconds);
        int last = series.IndexAtOrBefore(reading.EndSeconds);
        double begin = first < 0 ? seconds[0] : seconds[first];
        if (begin - reading.StartSeconds > longestGap || last < 0 || reading.EndSeconds - seconds[last] > longestGap)
        {
            return Text($"the readings cover only {seconds[0]:0.###} s to {seconds[^1]:0.###} s of the run");
        }

        int end = Math.Min(last + 1, seconds.Length - 1);
        for (int index = Math.Max(first, 0); index < end; index++)
        {
            if (seconds[index + 1] - seconds[index] > longestGap)
            {
                return Text($"no reading between {seconds[index]:0.###} s and {seconds[index + 1]:0.###} s");
            }
        }

        return null;
    }

    /// <summary>
    /// Area under the readings by trapezoids (J). Before the first reading and after the last the power is taken as constant.
    /// </summary>
    private static double Area(MeterSeries series, double from, double to)
    {
        ReadOnlySpan<double> seconds = series.Seconds;
        double joules = 0;
        double time = from;
        double watts = At(series, from);
        for (int index = series.IndexAtOrBefore(from) + 1; index < seconds.Length && seconds[index] < to; index++)
        {
            joules += (seconds[index] - time) * (watts + series.Values[index]) / 2;
            (time, watts) = (seconds[index], series.Values[index]);
        }

        return joules + ((to - time) * (watts + At(series, to)) / 2);
    }

    private static double At(MeterSeries series, double atSeconds)
    {
        int index = series.IndexAtOrBefore(atSeconds);
        if (index < 0 || index == series.Count - 1)
        {
            return series.Values[Math.Max(index, 0)];
        }

        double length = series.Seconds[index + 1] - series.Seconds[index];
        double share = length > 0 ? (atSeconds - series.Seconds[index]) / length : 0;
        return series.Values[index] + (share * (series.Values[index + 1] - series.Values[index]));
    }

    private static double Spread(MeterSeries series, double atSeconds, double reachSeconds)
    {
        double low = At(series, atSeconds);
        double high = low;
        int last = series.IndexAtOrBefore(atSeconds + reachSeconds);
        for (int index = Math.Max(series.IndexAtOrBefore(atSeconds - reachSeconds), 0); index <= last; index++)
        {
            low = Math.Min(low, series.Values[index]);
            high = Math.Max(high, series.Values[index]);
        }

        return high - low;
    }
}
