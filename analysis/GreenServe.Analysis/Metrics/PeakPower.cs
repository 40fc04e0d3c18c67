using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Metrics;

/// <summary>The highest power of a scope in a window, its devices summed.</summary>
/// <param name="Watts">The peak (W), or the reason why there is none.</param>
/// <param name="Basis">What the peak was taken from and over how long, in words; <c>null</c> if there is no peak.</param>
internal sealed record PeakPower(Reading Watts, string? Basis)
{
    // A counter moves in steps: over less than a second or a few refreshes, its difference tells the steps more than the power.
    private const double ShortestStretchSeconds = 1;
    private const double RefreshesInAStretch = 10;

    /// <summary>The highest sum of simultaneous power readings if every device has them, and else the highest mean of counters.</summary>
    /// <param name="scope">Energy of the scope, measured, with the reading chosen for each device.</param>
    /// <param name="record">The record that holds the readings.</param>
    /// <param name="window">The window.</param>
    internal static PeakPower Of(ScopeEnergy scope, RunRecord record, MeasurementWindow window)
    {
        (double from, double to) = (window.StartSeconds, window.EndSeconds);
        MeterSeries[] powers = [.. record.Manifest.Meters
            .Where(meter => meter.Scope == scope.Scope && !meter.IsCounter && (scope.IsEstimated || !meter.IsEstimated))
            .Where(meter => scope.Readings.Any(reading => DeviceOf(reading.Device, reading.Meter) == DeviceOf(meter.Device, meter.Name)))
            .Where(meter => Covers(meter, record, window))
            .OrderBy(meter => meter.IsEstimated).ThenBy(meter => meter.AveragingSeconds ?? 0)
            .DistinctBy(meter => DeviceOf(meter.Device, meter.Name))
            .Select(meter => record.MeterReadings[meter.Name].NumbersOf(meter)!)];
        return powers.Length == scope.Readings.Count
            ? new PeakPower(
                Reading.From(HighestSum(powers, from, to), "no power reading lies in the window"),
                "highest power reading, devices summed")
            : ClusterAccount.IsOfCluster(record.Manifest) ? OfCluster(scope, record, window)
            : OfCounters(scope, record, window);
    }

    /// <summary>
    /// The highest power of a simulated cluster: of all its meters together, over the whole seconds of the run, as its counters have it.
    /// Where meters are read more seldom than every second, over as many seconds.
    /// </summary>
    private static PeakPower OfCluster(ScopeEnergy scope, RunRecord record, MeasurementWindow window)
    {
        MeterSeries[] meters = [.. scope.Readings.Select(reading => record.MeterReadings[reading.Meter])];
        double refresh = scope.Readings.Max(reading => EnergyAccount.MeterOf(record, reading.Meter).RefreshSeconds) ?? 0;
        double seconds = Math.Max(ShortestStretchSeconds, Math.Ceiling(refresh));
        double? highest = null;
        for (double from = Math.Ceiling(window.StartSeconds / seconds) * seconds; from + seconds <= window.EndSeconds; from += seconds)
        {
            double watts = meters.Sum(meter => JoulesBy(meter, from + seconds) - JoulesBy(meter, from)) / seconds;
            highest = highest > watts ? highest : watts;
        }

        string stretch = FormattableString.Invariant($"highest {seconds:0} s mean of the whole cluster");
        return highest is { } peak
            ? new PeakPower(Reading.Of(peak), stretch)
            : new PeakPower(Reading.Missing("the window has no whole second"), null);
    }

    /// <summary>Reading of a simulated counter at a time (J). Its readings are exact at their times, unlike those of a real one.</summary>
    private static double JoulesBy(MeterSeries meter, double seconds)
    {
        ReadOnlySpan<double> times = meter.Seconds;
        ReadOnlySpan<double> joules = meter.Values;
        int found = times.BinarySearch(seconds);
        int after = found < 0 ? ~found : found;
        if (after == 0 || after == times.Length)
        {
            return joules[Math.Min(after, times.Length - 1)];
        }

        double share = (seconds - times[after - 1]) / (times[after] - times[after - 1]);
        return joules[after - 1] + (share * (joules[after] - joules[after - 1]));
    }

    private static string DeviceOf(string? device, string meter) => device ?? meter;

    private static PeakPower OfCounters(ScopeEnergy scope, RunRecord record, MeasurementWindow window)
    {
        double[] stretches = [.. scope.Readings.Select(reading => Math.Max(
            ShortestStretchSeconds, RefreshesInAStretch * (EnergyAccount.MeterOf(record, reading.Meter).RefreshSeconds ?? 0)))];
        double?[] peaks = [.. scope.Readings.Zip(stretches, (reading, stretch) =>
            EnergyAccount.CourseOf(record, reading.Meter).HighestMeanWatts(window.StartSeconds, window.EndSeconds, stretch))];
        string length = FormattableString.Invariant($"{stretches.Max():0.##} s");
        return peaks.Any(peak => peak is null)
            ? new PeakPower(Reading.Missing("the window is shorter than the second a counter needs"), null)
            : new PeakPower(Reading.Of(peaks.Sum()!.Value), $"highest {length} mean of the energy counter, devices summed");
    }

    // The energy of a meter of power is measured only to learn whether its readings cover the window: scopes keep the counter's.
    private static bool Covers(MeterDescription meter, RunRecord record, MeasurementWindow window) => EnergyWindow
        .Measure(meter, record.MeterReadings.GetValueOrDefault(meter.Name), window.StartSeconds, window.EndSeconds).Joules is not null;

    /// <summary>Highest sum over the devices (W) at any reading of the first; the others hold their last reading until the next.</summary>
    /// <param name="devices">Readings of meters of power, one series a device; at least one.</param>
    /// <param name="from">Beginning of the window (s).</param>
    /// <param name="to">End of the window (s).</param>
    /// <returns><c>null</c> if the first device has no reading in the window.</returns>
    private static double? HighestSum(MeterSeries[] devices, double from, double to)
    {
        double? highest = null;
        int[] positions = new int[devices.Length];
        foreach (double time in devices[0].Seconds)
        {
            if (time < from || time > to)
            {
                continue;
            }

            double sum = 0;
            for (int device = 0; device < devices.Length; device++)
            {
                ReadOnlySpan<double> seconds = devices[device].Seconds;
                while (positions[device] + 1 < seconds.Length && seconds[positions[device] + 1] <= time)
                {
                    positions[device]++;
                }

                sum += devices[device].Values[positions[device]];
            }

            highest = highest is { } before ? Math.Max(before, sum) : sum;
        }

        return highest;
    }
}
