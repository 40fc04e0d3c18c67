using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Metrics;

/// <summary>The readings of one meter, turned into energy over time.</summary>
internal sealed class MeterSeries
{
    // A polled sensor that fell silent for longer than this hides what happened (InferenceX uses the same limit).
    private const double LongestPowerGapSeconds = 3;
    private const double DefaultRefreshSeconds = 0.1;
    private readonly CumulativeEnergy energy;

    private MeterSeries(MeterDescription meter, CumulativeEnergy energy, double[] seconds, double[] watts)
    {
        Meter = meter;
        this.energy = energy;
        Seconds = seconds;
        Watts = watts;
    }

    internal MeterDescription Meter { get; }

    /// <summary>Times of the power readings (s); empty for a counter.</summary>
    internal double[] Seconds { get; }

    /// <summary>The power readings (W); empty for a counter.</summary>
    internal double[] Watts { get; }

    internal string Device => Meter.Device ?? Meter.Name;

    internal bool IsInstant => !Meter.IsCounter && Meter.Method.Contains("instant", StringComparison.OrdinalIgnoreCase);

    internal double RefreshSeconds => Meter.RefreshSeconds ?? DefaultRefreshSeconds;

    internal static MeterSeries Of(MeterDescription meter, IEnumerable<PowerSample> samples)
    {
        PowerSample[] usable = [.. samples.Where(sample => meter.IsCounter ? sample.CumulativeJoules is not null : sample.Watts is not null)
            .OrderBy(sample => sample.Seconds)];
        double[] seconds = [.. usable.Select(sample => sample.Seconds)];
        if (meter.IsCounter)
        {
            return new MeterSeries(meter, new CumulativeEnergy(seconds, [.. usable.Select(sample => sample.CumulativeJoules!.Value)]), [], []);
        }

        double[] watts = [.. usable.Select(sample => sample.Watts!.Value)];
        return new MeterSeries(meter, new CumulativeEnergy(seconds, Integrate(seconds, watts)), seconds, watts);
    }

    /// <summary>Why this meter has no energy for a window; <c>null</c> if it has.</summary>
    internal string? WhyNot(double from, double to)
    {
        if (Meter.NotMeasured is { } reason)
        {
            return $"{Meter.Name}: {reason}";
        }

        if (energy.IsEmpty)
        {
            return $"{Meter.Name}: no readings";
        }

        double slack = 2 * RefreshSeconds;
        if (energy.FirstSecond > from + slack || energy.LastSecond < to - slack)
        {
            return $"{Meter.Name}: readings from {NumberText.Of(energy.FirstSecond)} s to {NumberText.Of(energy.LastSecond)} s "
                + $"do not cover the window from {NumberText.Of(from)} s to {NumberText.Of(to)} s";
        }

        double gap = energy.LongestGapSeconds(from, to);
        return !Meter.IsCounter && gap > LongestPowerGapSeconds
            ? $"{Meter.Name}: no reading for {NumberText.Of(gap)} s"
            : null;
    }

    internal double Joules(double from, double to) => energy.Between(from, to);

    /// <summary>Error bound of the two edges (J): one refresh at the mean power, at each.</summary>
    internal double EdgeErrorJoules(double from, double to) => 2 * RefreshSeconds * Joules(from, to) / (to - from);

    internal double? PeakWatts(double from, double to) => energy.PeakWatts(from, to, Math.Max(1, 10 * RefreshSeconds));

    private static double[] Integrate(double[] seconds, double[] watts)
    {
        double[] joules = new double[seconds.Length];
        for (int index = 1; index < seconds.Length; index++)
        {
            joules[index] = joules[index - 1] + ((watts[index] + watts[index - 1]) / 2 * (seconds[index] - seconds[index - 1]));
        }

        return joules;
    }
}
