using GreenServe.Records.Measurements;

namespace GreenServe.Analysis.Metrics;

/// <summary>Energy as a function of time, from engine steps that all state it. For one window see <see cref="StepWindow"/>.</summary>
/// <remarks>
/// Inside a step energy grows evenly, and between steps it does not grow. Outside the steps nothing is added, unlike
/// <c>EnergyCourse</c> in Records, which carries a counter's course on beyond its readings. The two round differently too, so that
/// sharing the interpolation would change the last digits of published numbers.
/// </remarks>
internal sealed class StepEnergy
{
    // Two points a step, its start and its end. Times ascend and may repeat.
    private readonly double[] seconds;

    // Energy from the first step up to each point (J).
    private readonly double[] joules;

    /// <summary>The energy of some steps.</summary>
    /// <param name="steps">Steps in the order of time, at least one; each states its energy.</param>
    internal StepEnergy(IReadOnlyList<EngineStep> steps)
    {
        seconds = new double[2 * steps.Count];
        joules = new double[2 * steps.Count];
        double sum = 0;
        double now = double.NegativeInfinity;
        for (int index = 0; index < steps.Count; index++)
        {
            EngineStep step = steps[index];

            // Rounded starts may lie a nanosecond before the last end; time must not run back.
            seconds[2 * index] = now = Math.Max(now, step.StartSeconds);
            joules[2 * index] = sum;
            seconds[(2 * index) + 1] = now = Math.Max(now, step.StartSeconds + step.DurationSeconds);
            joules[(2 * index) + 1] = sum += step.EnergyJoules ?? 0;
        }
    }

    /// <summary>Energy between two instants (J).</summary>
    internal double Joules(double fromSeconds, double toSeconds) => JoulesUpTo(toSeconds) - JoulesUpTo(fromSeconds);

    private double JoulesUpTo(double time)
    {
        int found = Array.BinarySearch(seconds, time);
        if (found >= 0)
        {
            return joules[found];
        }

        int after = ~found;
        if (after == 0)
        {
            return joules[0];
        }

        if (after == seconds.Length)
        {
            return joules[^1];
        }

        double share = (time - seconds[after - 1]) / (seconds[after] - seconds[after - 1]);
        return joules[after - 1] + (share * (joules[after] - joules[after - 1]));
    }
}
