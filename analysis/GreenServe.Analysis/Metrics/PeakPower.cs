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
            : OfCounters(scope, record, window);
    }

    private static string DeviceOf(string? device, string meter) => device ?? meter;

    private static PeakPower OfCounters(ScopeEnergy scope, RunRecord record, MeasurementWindow window)
    {
        double?[] peaks = [.. scope.Readings.Select(reading =>
        {
            MeterDescription meter = EnergyAccount.MeterOf(record, reading.Meter);
            double stretch = Math.Max(ShortestStretchSeconds, RefreshesInAStretch * (meter.RefreshSeconds ?? 0));
            return EnergyAccount.CourseOf(record, reading.Meter).HighestMeanWatts(window.StartSeconds, window.EndSeconds, stretch);
        })];
        return peaks.Any(peak => peak is null)
            ? new PeakPower(Reading.Missing("the window is shorter than the second a counter needs"), null)
            : new PeakPower(Reading.Of(peaks.Sum()!.Value), "highest 1 s mean of the energy counter, devices summed");
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
