using static GreenServe.Records.EnergyAccounting.EnergyWindow;

namespace GreenServe.Records.EnergyAccounting;

/// <summary>Energy of a meter of power over a window: the area under its readings.</summary>
/// <remarks>
/// A meter that averages over the last W seconds shows what was drawn W/2 earlier in the mean, so the readings are integrated
/// W/2 later than the window. Error at an edge: (W/2 + one refresh) times the spread of the readings around it. The share of time
/// that an instant meter does not see (75 % on an A100 or H100) is not in it, therefore a counter or an average comes first.
/// </remarks>
internal static class PowerWindow
{
    /// <summary>
    /// A gap between readings that is longer than this (s) leaves the power in it unknown: a load may start and end in it.
    /// </summary>
    private const double LongestGapSeconds = 3;

    /// <summary>
    /// For a meter that refreshes seldom, a gap must also be longer than this many refreshes: single readings may be late or lost.
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

    /// <summary>Trapezoids between readings; the first and the last reading hold outside.</summary>
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
