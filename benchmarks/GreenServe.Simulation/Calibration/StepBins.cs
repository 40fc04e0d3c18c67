using GreenServe.Simulation.Physics;

namespace GreenServe.Simulation.Calibration;

/// <summary>
/// Steps of like shape on the same system, each bin with one step that stands for it: the one of median time. A slow host or a pause lengthens
/// many steps of a run, and which ones they are is seen among steps of the same kind, of all runs together, whatever the model says.
/// </summary>
internal static class StepBins
{
    /// <summary>Steps that a bin needs, unless too few bins have so many.</summary>
    private const int FewestSteps = 3;

    private const int FewestBins = 30;

    /// <summary>Steps from which on a bin has its full weight.</summary>
    private const double FullSteps = 10;

    /// <summary>Widths of a bin, in the logarithm: its steps differ by less than what the model is asked to tell.</summary>
    private const double PromptWidth = 0.1;
    private const double SequencesWidth = 0.15;
    private const double LengthWidth = 0.35;

    /// <summary>The steps that stand for the bins, in order of run and time, and their weights in (0, 1].</summary>
    internal static IReadOnlyList<(MeasuredStep Step, double Weight)> Of(IReadOnlyList<CalibrationRun> runs)
    {
        Func<MeasuredStep, StepCost>[] predict = [.. runs.Select(run => run.Predictor())];
        MeasuredStep[][] bins = [.. runs.SelectMany(run => run.Steps)
            .GroupBy(step => KeyOf(runs[step.Run].System, step.Shape))
            .Select(bin => bin.OrderBy(step => step.Seconds / predict[step.Run](step).Seconds).ToArray())];
        MeasuredStep[][] filled = [.. bins.Where(bin => bin.Length >= FewestSteps)];
        return [.. (filled.Length >= FewestBins ? filled : bins)
            .Select(bin => (Step: bin[(bin.Length - 1) / 2], Weight: Math.Min(1, bin.Length / FullSteps)))
            .OrderBy(item => item.Step.Run).ThenBy(item => item.Step.StartSeconds)];
    }

    private static (string Model, object Knobs, int Prompt, int Sequences, int Length, int Offset) KeyOf(SimulatedSystem system, in StepShape shape) => (
        system.Model.Name,
        system.Knobs,
        Part(shape.PrefillTokens, PromptWidth),
        Part(shape.DecodeSequences, SequencesWidth),
        Part(shape.ContextTokens / Math.Max(1.0, shape.DecodeSequences), LengthWidth),
        Part(shape.PrefillPairs / Math.Max(1.0, shape.PrefillTokens), LengthWidth));

    private static int Part(double value, double width) => value <= 0 ? -1 : (int)Math.Round(Math.Log(Math.Max(1, value)) / width);
}
