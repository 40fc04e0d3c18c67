using GreenServe.Records.Runs;
using GreenServe.Simulation.Physics;

namespace GreenServe.Simulation.Calibration;

/// <summary>A measured step: what it worked on, how long it took, at which clock.</summary>
/// <param name="Run">Number of the run it belongs to.</param>
/// <param name="Shape">What it worked on, as far as a record tells.</param>
/// <param name="Seconds">How long it took (s).</param>
/// <param name="StartSeconds">When it began (s).</param>
/// <param name="ClockRatio">Clock relative to the highest.</param>
internal readonly record struct MeasuredStep(int Run, StepShape Shape, double Seconds, double StartSeconds, double ClockRatio)
{
    /// <summary>
    /// A row of <c>steps.csv</c>. Records do not tell how prompt tokens are spread: they are taken as one whole prompt, so steps of several
    /// chunks or of later chunks count attention a little wrong.
    /// </summary>
    internal static MeasuredStep Of(int run, EngineStep step, double clockRatio)
    {
        int prompts = step.PrefillTokens > 0 ? 1 : 0;
        StepShape shape = new(
            step.PrefillTokens, PrefillAttention.Pairs(step.PrefillTokens, 0), prompts, prompts, step.DecodeSequences, step.ContextTokens);
        return new MeasuredStep(run, shape, step.DurationSeconds, step.StartSeconds, clockRatio);
    }
}
