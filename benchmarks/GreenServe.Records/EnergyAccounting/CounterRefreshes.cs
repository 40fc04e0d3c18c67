namespace GreenServe.Records.EnergyAccounting;

/// <summary>The moments at which an energy counter took a new value, as far as the readings tell.</summary>
/// <remarks>
/// A counter that refreshes every 100 ms is up to 100 ms old when it is read. Two readings with different values hold a refresh
/// between them; the newest refresh before a reading is at most one refresh period old. Both together bracket it in time. A power model
/// refreshes at every reading: a value that it repeats says that the device drew nothing in between.
/// </remarks>
internal sealed class CounterRefreshes
{
    /// <summary>The time of a refresh is called sharp if it is known to within this share of a refresh period.</summary>
    private const double MaxBracketRatio = 0.25;

    /// <summary>
    /// Only the sharp refreshes are used if they span more than this share of the readings. Otherwise most of the run would have
    /// none.
    /// </summary>
    private const double MinReachRatio = 0.5;

    /// <summary>Fewest distances between refreshes from which a median refresh period is taken.</summary>
    private const int MinDistances = 3;

    private readonly Refresh[] all;

    private CounterRefreshes(Refresh[] all, double? periodSeconds)
    {
        this.all = all;
        PeriodSeconds = periodSeconds;
    }

    internal ReadOnlySpan<Refresh> All => all;

    /// <summary>Refresh period (s): the meter's own or, failing that, the median distance seen; <c>null</c> if neither is known.</summary>
    internal double? PeriodSeconds { get; }

    /// <summary>Finds the refreshes of a counter in its readings.</summary>
    /// <param name="series">The readings.</param>
    /// <param name="statedPeriodSeconds">Refresh period of the meter (s); <c>null</c> if it is not known.</param>
    /// <param name="isEstimated">Whether the readings come from a power model.</param>
    internal static CounterRefreshes Find(MeterSeries series, double? statedPeriodSeconds, bool isEstimated)
    {
        double? period = statedPeriodSeconds ?? MedianDistance(series);
        ReadOnlySpan<double> seconds = series.Seconds;
        ReadOnlySpan<double> values = series.Values;
        List<Refresh> found = [];
        for (int index = 0; index < values.Length; index++)
        {
            if (index > 0 && values[index] == values[index - 1] && !(isEstimated && seconds[index] > seconds[index - 1]))
            {
                found[^1] = found[^1] with { LastSeenSeconds = seconds[index] };
                continue;
            }

            double spacing = index > 0 ? seconds[index] - seconds[index - 1] : values.Length > 1 ? seconds[1] - seconds[0] : 0;
            double bracket = index > 0 ? Math.Min(spacing, period ?? spacing) : period ?? spacing;
            found.Add(new Refresh(seconds[index] - bracket, seconds[index], values[index], seconds[index]));
        }

        return new CounterRefreshes([.. found], period);
    }

    /// <summary>
    /// The refreshes with a sharp time, and the first and the last refresh, if sharp refreshes span most of the readings; otherwise
    /// all refreshes. A refresh whose time is uncertain by a whole period can put energy into too short a stretch beside a sharp
    /// one: the sum stays right, but the power between them spikes.
    /// </summary>
    internal CounterRefreshes Sharp()
    {
        Refresh[] sharp = PeriodSeconds is { } period ? [.. all.Where(refresh => refresh.BracketSeconds <= MaxBracketRatio * period)] : [];
        return sharp.Length >= 2 && sharp[^1].AtSeconds - sharp[0].AtSeconds >= MinReachRatio * (all[^1].AtSeconds - all[0].AtSeconds)
            ? new CounterRefreshes([.. all[..1].Concat(sharp).Append(all[^1]).Distinct()], PeriodSeconds)
            : this;
    }

    /// <summary>
    /// Index of the last refresh at or before a time (s from the start of the run); -1 if the first one is later.
    /// </summary>
    internal int IndexAtOrBefore(double atSeconds)
    {
        int low = 0;
        int high = all.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (all[middle].AtSeconds <= atSeconds)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low - 1;
    }

    /// <summary>
    /// Median distance (s) of neighbouring changes of the counter. Only readings that show the same value twice can tell it.
    /// </summary>
    private static double? MedianDistance(MeterSeries series)
    {
        ReadOnlySpan<double> seconds = series.Seconds;
        ReadOnlySpan<double> values = series.Values;
        List<double> distances = [];
        double? lastChange = null;
        bool sawRepeat = false;
        for (int index = 1; index < values.Length; index++)
        {
            if (values[index] == values[index - 1])
            {
                sawRepeat = true;
                continue;
            }

            if (lastChange is { } last && sawRepeat)
            {
                distances.Add(seconds[index] - last);
            }

            lastChange = seconds[index];
            sawRepeat = false;
        }

        distances.Sort();
        return distances.Count < MinDistances ? null : distances[distances.Count / 2];
    }

    /// <summary>One refresh of an energy counter, with bounds on its time.</summary>
    /// <param name="EarliestSeconds">Earliest time of the refresh (s from the start of the run).</param>
    /// <param name="LatestSeconds">Latest time of the refresh (s from the start of the run).</param>
    /// <param name="Joules">Value of the counter after the refresh (J).</param>
    /// <param name="LastSeenSeconds">Time of the last reading that showed this value (s from the start of the run).</param>
    internal readonly record struct Refresh(double EarliestSeconds, double LatestSeconds, double Joules, double LastSeenSeconds)
    {
        internal double AtSeconds => (EarliestSeconds + LatestSeconds) / 2;

        internal double BracketSeconds => LatestSeconds - EarliestSeconds;
    }
}
