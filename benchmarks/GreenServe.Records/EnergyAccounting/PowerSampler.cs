using GreenServe.Records.Measurements;

namespace GreenServe.Records.EnergyAccounting;

/// <summary>Reads the cumulative energy of a simulated run as a counter is read: at regular times and once more at the end.</summary>
/// <param name="add">Receives the readings.</param>
/// <param name="name">Name of the meter.</param>
/// <param name="intervalSeconds">Time between two readings, in seconds, above 0.</param>
/// <remarks>
/// Power is taken as constant within a step, so that readings between its ends tell nothing new. In steps and idle stretches of more than
/// four minutes, readings lie farther apart the farther they are from both ends. An idle year then takes thousands of readings instead of
/// 300 million, and an edge of a window that is cut anywhere in it keeps a small error.
/// </remarks>
public sealed class PowerSampler(
    Action<PowerSample> add, string name = PowerSampler.MeterName, double intervalSeconds = PowerSampler.IntervalSeconds)
{
    /// <summary>Name of the meter of a single instance.</summary>
    public const string MeterName = "gpu";

    /// <summary>Time between two readings, in seconds: the refresh interval of the energy counter of NVML.</summary>
    public const double IntervalSeconds = 0.1;

    /// <summary>
    /// Ratio of a reading's distance from the nearer end of its step to the time until the next reading. It is also the number of readings
    /// by which the distance grows e-fold.
    /// </summary>
    private const double DistanceOverSpacing = 600;

    private long next;
    private double seconds;
    private double joules;

    /// <summary>Takes the readings of a run whose steps are known.</summary>
    /// <param name="stretches">Every step of the run, in the order of time; each states its energy.</param>
    public static IEnumerable<PowerSample> Read(IEnumerable<EngineStretch> stretches)
    {
        Queue<PowerSample> taken = [];
        PowerSampler sampler = new(taken.Enqueue);
        foreach (EngineStretch stretch in stretches)
        {
            sampler.Add(stretch);
            while (taken.TryDequeue(out PowerSample sample))
            {
                yield return sample with { Seconds = Math.Round(sample.Seconds, 9) };
            }
        }

        sampler.End();
        PowerSample last = taken.Dequeue();
        yield return last with { Seconds = Math.Round(last.Seconds, 9) };
    }

    /// <summary>Whether a reading falls into the time that follows. Steps without one can be entered together.</summary>
    /// <param name="durationSeconds">Length of the time, in seconds.</param>
    public bool ReadsWithin(double durationSeconds) => next * intervalSeconds < seconds + durationSeconds;

    /// <summary>Enters the steps that follow the previous ones.</summary>
    /// <param name="stretch">The steps. A step that does not state its energy used none.</param>
    public void Add(in EngineStretch stretch)
    {
        for (int index = 0; index < stretch.Count; index++)
        {
            Add(stretch.StepSeconds.At(index), stretch.StepJoules?.At(index) ?? 0);
        }
    }

    /// <summary>Enters the step or idle stretch that follows the previous one.</summary>
    /// <param name="durationSeconds">Duration of the step, in seconds.</param>
    /// <param name="stepJoules">Energy of the step, in joules.</param>
    public void Add(double durationSeconds, double stepJoules)
    {
        double end = seconds + durationSeconds;
        while (next * intervalSeconds < end)
        {
            double at = next * intervalSeconds;
            double share = durationSeconds > 0 ? (at - seconds) / durationSeconds : 0;
            add(new PowerSample(name, at, null, joules + (share * stepJoules)));
            double spacing = Math.Min(at - seconds, end - at) / DistanceOverSpacing;
            next += Math.Max(1, (long)(spacing / intervalSeconds));
        }

        seconds = end;
        joules += stepJoules;
    }

    /// <summary>Takes the last reading, at the end of the run.</summary>
    public void End() => add(new PowerSample(name, seconds, null, joules));
}
