using GreenServe.Simulation.Physics;

namespace GreenServe.Simulation.Calibration;

/// <summary>
/// Steps of like shape on the same system, each bin with one step that stands for it: the one of median time. A slow host or a pause lengthens
/// many steps of a run, and which ones they are is seen among steps of the same kind, of all runs together, whatever the model says.
/// </summary>
internal static class StepBins
{
    /// <summary>Steps that a bin needs, unless too few bins have so many.</summary>
    private const int MinSteps = 3;

    private const int MinBins = 30;

    /// <summary>Widths of a bin, in the logarithm: its steps differ by less than what the model is asked to tell.</summary>
    private const double PromptWidth = 0.1;
    private const double SequencesWidth = 0.15;
    private const double LengthWidth = 0.35;

    /// <summary>
    /// The steps that stand for the bins, in order of run and time, and their weights, of mean 1. A bin weighs what its steps are of their
    /// runs' time: mixed loads fall into hundreds of bins, a steady one into few, and both are one run each.
    /// </summary>
    internal static IReadOnlyList<(MeasuredStep Step, double Weight)> Of(IReadOnlyList<CalibrationRun> runs)
    {
        double[] runSeconds = [.. runs.Select(run => run.Steps.Sum(step => step.Seconds))];
        Func<MeasuredStep, StepCost>[] predict = [.. runs.Select(run => run.Predictor())];
        MeasuredStep[][] bins = [.. runs.SelectMany(run => run.Steps)
            .GroupBy(step => KeyOf(runs[step.Run].System, step.Shape))
            .Select(bin => bin.OrderBy(step => step.Seconds / predict[step.Run](step).Seconds).ToArray())];
        MeasuredStep[][] filled = [.. bins.Where(bin => bin.Length >= MinSteps)];
        bins = filled.Length >= MinBins ? filled : bins;
        double[] shares = [.. bins.Select(bin => bin.Sum(step => step.Seconds / runSeconds[step.Run]))];
        double mean = shares.Average();
        return [.. bins.Zip(shares)
            .Select(item => (Step: item.First[(item.First.Length - 1) / 2], Weight: item.Second / mean))
            .OrderBy(item => item.Step.Run).ThenBy(item => item.Step.StartSeconds)];
    }

    private static (string Model, object Knobs, int Prompt, int Sequences, int Length, int Offset) KeyOf(SimulatedSystem system, in StepShape shape) => (
        system.Model.Name,

        // What bounds a batch does not change a step that has been formed.
        system.Knobs with { MaxBatch = null, StepTokens = null },
        Part(shape.PrefillTokens, PromptWidth),
        Part(shape.DecodeSequences, SequencesWidth),
        Part(shape.ContextTokens / Math.Max(1.0, shape.DecodeSequences), LengthWidth),
        Part(shape.PrefillPairs / Math.Max(1.0, shape.PrefillTokens), LengthWidth));

    private static int Part(double value, double width) => value <= 0 ? -1 : (int)Math.Round(Math.Log(Math.Max(1, value)) / width);
}
