using GreenServe.Records.Measurements;

namespace GreenServe.Records.EnergyAccounting;

/// <summary>
/// Cumulative energy of one meter as a function of time. It gives the numbers of <see cref="EnergyWindow"/>, fast for many windows.
/// </summary>
/// <remarks>
/// A counter rises evenly between its refreshes, and at the same slope outside them; only sharp refreshes are used where there are
/// enough. The readings of a meter of power are integrated by trapezoids, shifted by half the meter's averaging time. Before its
/// first reading and after its last the power is taken as constant.
/// </remarks>
public sealed class EnergyCourse
{
    private readonly MeterSeries series;
    private readonly CounterRefreshes? refreshes;
    private readonly double[] joules;
    private readonly double shiftSeconds;

    private EnergyCourse(MeterSeries series, CounterRefreshes? refreshes, double[] joules, double shiftSeconds)
    {
        this.series = series;
        this.refreshes = refreshes;
        this.joules = joules;
        this.shiftSeconds = shiftSeconds;
    }

    /// <summary>Computes the cumulative energy of a meter from its readings.</summary>
    /// <param name="meter">The meter as the record describes it.</param>
    /// <param name="series">The meter's readings. Those that are no numbers are left out.</param>
    /// <exception cref="ArgumentException">None of the readings is a number.</exception>
    public static EnergyCourse Of(MeterDescription meter, MeterSeries series)
    {
        MeterSeries numbers = series.NumbersOf(meter)
            ?? throw new ArgumentException($"{series.Meter}: none of its readings is a number", nameof(series));
        return numbers.IsCounter
            ? new EnergyCourse(numbers, numbers.Refreshes(meter).Sharp(), [], 0)
            : new EnergyCourse(numbers, null, Integrate(numbers), (meter.AveragingSeconds ?? 0) / 2);
    }

    /// <summary>
    /// Energy between two instants (J). It does not check that readings cover them; <see cref="EnergyWindow"/> does.
    /// </summary>
    public double Joules(double startSeconds, double endSeconds) => refreshes is null
        ? Integrated(endSeconds + shiftSeconds) - Integrated(startSeconds + shiftSeconds)
        : Counted(endSeconds) - Counted(startSeconds);

    /// <summary>
    /// Highest mean power of a counter in a window (W), over stretches between two refreshes that are at least
    /// <paramref name="leastSeconds"/> long.
    /// </summary>
    /// <param name="startSeconds">Beginning of the window (s from the start of the run).</param>
    /// <param name="endSeconds">End of the window (s from the start of the run).</param>
    /// <param name="leastSeconds">Shortest stretch that counts (s).</param>
    /// <returns>
    /// The power (W); <c>null</c> for a meter of power, or where no two refreshes in the window lie that far apart.
    /// </returns>
    public double? HighestMeanWatts(double startSeconds, double endSeconds, double leastSeconds)
    {
        if (refreshes is null)
        {
            return null;
        }

        ReadOnlySpan<CounterRefreshes.Refresh> all = refreshes.All;
        double? highest = null;
        int begin = 0;
        for (int end = 1; end < all.Length && all[end].AtSeconds <= endSeconds; end++)
        {
            while (begin + 1 < end
                && (all[begin].AtSeconds < startSeconds || all[end].AtSeconds - all[begin + 1].AtSeconds >= leastSeconds))
            {
                begin++;
            }

            double length = all[end].AtSeconds - all[begin].AtSeconds;
            if (all[begin].AtSeconds >= startSeconds && length > 0 && length >= leastSeconds)
            {
                highest = Math.Max(highest ?? 0, (all[end].Joules - all[begin].Joules) / length);
            }
        }

        return highest;
    }

    private static double[] Integrate(MeterSeries series)
    {
        double[] sums = new double[series.Count];
        for (int index = 1; index < sums.Length; index++)
        {
            sums[index] = sums[index - 1]
                + ((series.Values[index] + series.Values[index - 1]) / 2 * (series.Seconds[index] - series.Seconds[index - 1]));
        }

        return sums;
    }

    private double Counted(double atSeconds)
    {
        ReadOnlySpan<CounterRefreshes.Refresh> all = refreshes!.All;
        if (all.Length < 2)
        {
            return 0;
        }

        int segment = Math.Clamp(refreshes.IndexAtOrBefore(atSeconds), 0, all.Length - 2);
        CounterRefreshes.Refresh before = all[segment];
        CounterRefreshes.Refresh after = all[segment + 1];
        return before.Joules + ((after.Joules - before.Joules) * (atSeconds - before.AtSeconds) / (after.AtSeconds - before.AtSeconds));
    }

    private double Integrated(double atSeconds)
    {
        int index = series.IndexAtOrBefore(atSeconds);
        int near = Math.Max(index, 0);
        double distance = atSeconds - series.Seconds[near];
        if (index < 0 || index == series.Count - 1)
        {
            return joules[near] + (series.Values[near] * distance);
        }

        // Power is linear between readings, so energy is quadratic. Between readings of equal times there is no energy.
        double length = series.Seconds[index + 1] - series.Seconds[index];
        double slope = length > 0 ? (series.Values[index + 1] - series.Values[index]) / length : 0;
        return joules[index] + (distance * (series.Values[index] + (slope * distance / 2)));
    }
}
