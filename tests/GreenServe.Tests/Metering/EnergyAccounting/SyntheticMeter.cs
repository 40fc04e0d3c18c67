using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;

namespace GreenServe.Tests.Metering.EnergyAccounting;

/// <summary>Readings that a meter with known refresh and averaging would give of a known power course.</summary>
internal static class SyntheticMeter
{
    internal const double RefreshSeconds = 0.1;

    internal static MeterDescription Counter(string name = "gpu0.energy", string device = "GPU 0") => new()
    {
        Name = name,
        Scope = MeterScope.Gpu,
        Method = "test counter",
        Device = device,
        IsCounter = true,
        RefreshSeconds = RefreshSeconds,
        GainErrorRatio = 0.05,
    };

    internal static MeterDescription Average(string name = "gpu0.power", string device = "GPU 0") => new()
    {
        Name = name,
        Scope = MeterScope.Gpu,
        Method = "test average",
        Device = device,
        AveragingSeconds = 1,
        RefreshSeconds = RefreshSeconds,
        GainErrorRatio = 0.05,
    };

    /// <summary>A counter that takes a new value at phase, phase + 0.1 s, ..., read at the given times.</summary>
    internal static IEnumerable<PowerSample> ReadCounter(
        Func<double, double> joulesAt, IEnumerable<double> times, double phaseSeconds = 0, string name = "gpu0.energy") =>
        times.Select(time => new PowerSample(name, time, null, joulesAt(RefreshAtOrBefore(time, phaseSeconds))));

    /// <summary>A meter that shows the mean power of the second before its last refresh.</summary>
    internal static IEnumerable<PowerSample> ReadAverage(
        Func<double, double> joulesAt, IEnumerable<double> times, double phaseSeconds = 0, string name = "gpu0.power") =>
        times.Select(time =>
        {
            double refresh = RefreshAtOrBefore(time, phaseSeconds);
            return new PowerSample(name, time, joulesAt(refresh) - joulesAt(refresh - 1), null);
        });

    internal static IEnumerable<double> Every(double seconds, double from, double to)
    {
        int count = (int)Math.Round((to - from) / seconds);
        return Enumerable.Range(0, count + 1).Select(index => from + (index * seconds));
    }

    internal static MeterSeries Series(IEnumerable<PowerSample> samples) => MeterSeries.ByMeter(samples).Values.Single();

    private static double RefreshAtOrBefore(double time, double phase) =>
        phase + (Math.Floor(((time - phase) / RefreshSeconds) + 1e-9) * RefreshSeconds);
}
