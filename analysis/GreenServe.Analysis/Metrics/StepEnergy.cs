using GreenServe.Analysis.Formatting;
using GreenServe.Records.Measurements;

namespace GreenServe.Analysis.Metrics;

/// <summary>Energy over time from engine steps, which must all carry it.</summary>
internal sealed class StepEnergy
{
    // Rounding of times in files; a step longer than this that is missing would be seen.
    private const double SlackSeconds = 1e-3;
    private readonly IReadOnlyList<EngineStep> steps;
    private readonly CumulativeEnergy energy;

    internal StepEnergy(IReadOnlyList<EngineStep> steps)
    {
        this.steps = steps;
        double[] seconds = new double[2 * steps.Count];
        double[] joules = new double[2 * steps.Count];
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

        energy = new CumulativeEnergy(seconds, joules);
    }

    internal string? NotMeasuredReason(double from, double to) =>
        energy.FirstSecond > from + SlackSeconds || energy.LastSecond < to - SlackSeconds
            ? $"engine steps from {NumberText.Of(energy.FirstSecond)} s to {NumberText.Of(energy.LastSecond)} s do not cover the window "
                + $"from {NumberText.Of(from)} s to {NumberText.Of(to)} s"
            : null;

    internal double Joules(double from, double to) => energy.Between(from, to);

    /// <summary>Highest mean power of a step that touches the window (W).</summary>
    internal double? PeakWatts(double from, double to)
    {
        double? peak = null;
        foreach (EngineStep step in steps)
        {
            if (step.DurationSeconds > 0 && step.StartSeconds < to && step.StartSeconds + step.DurationSeconds > from)
            {
                peak = Math.Max(peak ?? 0, step.EnergyJoules!.Value / step.DurationSeconds);
            }
        }

        return peak;
    }
}
