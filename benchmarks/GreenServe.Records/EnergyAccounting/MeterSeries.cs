using GreenServe.Records.Measurements;
using GreenServe.Records.Tables;

namespace GreenServe.Records.EnergyAccounting;

/// <summary>The readings of one meter in time order. Many windows can be measured over one series.</summary>
public sealed class MeterSeries
{
    private readonly double[] seconds;
    private readonly double[] values;
    private (double? PeriodSeconds, bool IsEstimated, CounterRefreshes Refreshes)? refreshes;
    private (double Highest, MeterSeries? Series)? numbers;

    private MeterSeries(string meter, bool isCounter, double[] seconds, double[] values)
    {
        Meter = meter;
        IsCounter = isCounter;
        this.seconds = seconds;
        this.values = values;
    }

    /// <summary>Name of the meter.</summary>
    public string Meter { get; }

    /// <summary>Whether the values are cumulative joules (true) or watts (false).</summary>
    public bool IsCounter { get; }

    /// <summary>How many readings there are; at least one.</summary>
    public int Count => seconds.Length;

    /// <summary>The time of each reading (s from the start of the run), in ascending order.</summary>
    public ReadOnlySpan<double> Seconds => seconds;

    /// <summary>Cumulative joules or watts, as <see cref="IsCounter"/> says.</summary>
    public ReadOnlySpan<double> Values => values;

    /// <summary>Groups readings by the name of their meter.</summary>
    /// <exception cref="InvalidInputException">
    /// A meter has both counter readings and power readings, or a reading with neither value.
    /// </exception>
    public static IReadOnlyDictionary<string, MeterSeries> ByMeter(IEnumerable<PowerSample> samples)
    {
        Dictionary<string, (List<double> Seconds, List<double> Values, bool IsCounter)> lists = [];
        foreach (PowerSample sample in samples)
        {
            bool isCounter = sample.CumulativeJoules is not null;
            if (isCounter == sample.Watts is not null)
            {
                throw Mixed(sample, "a reading with either watts or cumulative joules");
            }

            if (!lists.TryGetValue(sample.Meter, out (List<double> Seconds, List<double> Values, bool IsCounter) list))
            {
                lists[sample.Meter] = list = ([], [], isCounter);
            }

            if (list.IsCounter != isCounter)
            {
                throw Mixed(sample, "readings of one kind for each meter");
            }

            list.Seconds.Add(sample.Seconds);
            list.Values.Add(sample.CumulativeJoules ?? sample.Watts!.Value);
        }

        return lists.ToDictionary(pair => pair.Key, pair => Ordered(pair.Key, pair.Value.IsCounter, pair.Value.Seconds, pair.Value.Values));
    }

    /// <summary>The readings without those that are no numbers, as <see cref="PlausibleReading"/> tells them.</summary>
    /// <param name="meter">The meter as the record describes it.</param>
    /// <returns>This series itself if every reading is a number; <c>null</c> if none is.</returns>
    public MeterSeries? NumbersOf(MeterDescription meter)
    {
        MeterDescription judged = meter with { IsCounter = IsCounter };
        double highest = PlausibleReading.HighestWatts(judged);
        if (numbers is not { } kept || kept.Highest != highest)
        {
            numbers = kept = (highest, Filtered(judged));
        }

        return kept.Series;
    }

    /// <summary>
    /// Index of the last reading at or before a time (s from the start of the run); -1 if the first one is later.
    /// </summary>
    public int IndexAtOrBefore(double atSeconds)
    {
        int low = 0;
        int high = seconds.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (seconds[middle] <= atSeconds)
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

    /// <summary>The refreshes of the counter. They are found at the first call and kept.</summary>
    internal CounterRefreshes Refreshes(MeterDescription meter)
    {
        (double? period, bool isEstimated) = (meter.RefreshSeconds, meter.IsEstimated);
        if (refreshes is not { } kept || kept.PeriodSeconds != period || kept.IsEstimated != isEstimated)
        {
            refreshes = kept = (period, isEstimated, CounterRefreshes.Find(this, period, isEstimated));
        }

        return kept.Refreshes;
    }

    private MeterSeries? Filtered(MeterDescription meter)
    {
        int[] kept = [.. Enumerable.Range(0, Count).Where(index => PlausibleReading.IsNumber(meter, values[index]))];
        return kept.Length == Count ? this
            : kept.Length == 0 ? null
            : new MeterSeries(Meter, IsCounter, [.. kept.Select(index => seconds[index])], [.. kept.Select(index => values[index])]);
    }

    private static MeterSeries Ordered(string meter, bool isCounter, List<double> seconds, List<double> values)
    {
        double[] times = [.. seconds];
        double[] numbers = [.. values];
        for (int index = 1; index < times.Length; index++)
        {
            if (times[index] < times[index - 1])
            {
                // Readings of remote meters may arrive late. Readings of equal times keep their order.
                int[] order = [.. Enumerable.Range(0, times.Length).OrderBy(place => seconds[place])];
                (times, numbers) = ([.. order.Select(place => seconds[place])], [.. order.Select(place => values[place])]);
                break;
            }
        }

        return new MeterSeries(meter, isCounter, times, numbers);
    }

    private static InvalidInputException Mixed(PowerSample sample, string allowed) =>
        new(new Problem(RunFiles.Power, $"{sample.Meter} at {sample.Seconds} s: {sample.Watts} W, {sample.CumulativeJoules} J", allowed));
}
