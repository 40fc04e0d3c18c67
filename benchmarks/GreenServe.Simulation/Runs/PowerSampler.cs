using GreenServe.Records.Measurements;

namespace GreenServe.Simulation.Runs;

/// <summary>Reads the energy of a simulated run the way a counter is read: cumulative, at even times, and once more at the end.</summary>
/// <remarks>Power is taken as constant within a step.</remarks>
internal sealed class PowerSampler(Action<PowerSample> add, string name = PowerSampler.MeterName)
{
    /// <summary>Name of the meter.</summary>
    internal const string MeterName = "gpu";

    /// <summary>Time between two readings (s), as the counter of NVML refreshes.</summary>
    internal const double IntervalSeconds = 0.1;

    private long next;
    private double seconds;
    private double joules;

    /// <summary>Enters a step or an idle stretch that follows the one before.</summary>
    internal void Add(double durationSeconds, double stepJoules)
    {
        double end = seconds + durationSeconds;
        while (next * IntervalSeconds < end)
        {
            double at = next * IntervalSeconds;
            double share = durationSeconds > 0 ? (at - seconds) / durationSeconds : 0;
            add(new PowerSample(name, at, null, joules + (share * stepJoules)));
            next++;
        }

        seconds = end;
        joules += stepJoules;
    }

    /// <summary>The last reading.</summary>
    internal void End() => add(new PowerSample(name, seconds, null, joules));
}
