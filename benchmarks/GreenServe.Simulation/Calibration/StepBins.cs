using GreenServe.Simulation.Physics;

namespace GreenServe.Simulation.Calibration;

/// <summary>
/// Groups steps of similar shape on the same system into bins, each with the step of median time as its representative. A slow host or a
/// pause lengthens many steps of a run. Comparing similar steps of all runs shows which ones, without help from the model.
/// </summary>
internal static class StepBins
{
    /// <summary>Number of steps that a bin needs, so that its median can disregard one outlier.</summary>
    private const int MinSteps = 3;

    /// <summary>Number of bins that a fit needs. If fewer bins have enough steps, smaller bins count too.</summary>
    private const int MinBins = 30;

    /// <summary>Width of a bin in the logarithm of the prompt tokens. Most of the time of a prompt is proportional to them.</summary>
    private const double PromptWidth = 0.1;

    /// <summary>Width of a bin in the logarithm of the decoding sequences, on which the time of a step depends less.</summary>
    private const double SequencesWidth = 0.15;

    /// <summary>Width of a bin in the logarithm of a context length, on which the time of a step depends least.</summary>
    private const double LengthWidth = 0.35;

    /// <summary>
    /// The representatives of the bins, in order of run and time, with weights of mean 1. The weight of a bin is proportional to the share
    /// that its steps have of the time of their runs. A mixed load falls into hundreds of bins and a steady one into few, but both count as
    /// one run.
    /// </summary>
    /// <param name="runs">The runs with the constants found so far.</param>
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

    private static (string Model, object Knobs, int? Prompt, int? Sequences, int? Length, int? Offset) KeyOf(
        SimulatedSystem system, in StepShape shape) => (
        system.Model.Name,

        // The limits of a batch do not change the time of a given step.
        system.Knobs with { MaxBatch = null, StepTokens = null },
        Part(shape.PrefillTokens, PromptWidth),
        Part(shape.DecodeSequences, SequencesWidth),
        Part(shape.ContextTokens / Math.Max(1.0, shape.DecodeSequences), LengthWidth),
        Part(shape.PrefillPairs / Math.Max(1.0, shape.PrefillTokens), LengthWidth));

    /// <summary>Number of the interval of a value on a logarithmic scale; <c>null</c> for 0.</summary>
    private static int? Part(double value, double width) =>
        value <= 0 ? null : (int)Math.Round(Math.Log(Math.Max(1, value)) / width);
}
