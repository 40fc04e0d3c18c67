namespace GreenServe.Records.Measurements;

/// <summary>
/// Consecutive steps of an engine that decode the same sequences; one row of <c>steps.csv</c>. Each step attends to one token more for each
/// sequence, so that durations and energies grow by a constant. A single step is a stretch of one.
/// </summary>
/// <param name="StartSeconds">Beginning of the first step (s from the start of the run).</param>
/// <param name="Count">Number of steps, at least 1.</param>
/// <param name="StepSeconds">Duration of each step (s).</param>
/// <param name="PrefillTokens">Prompt tokens processed in each step; a stretch of several steps has none.</param>
/// <param name="DecodeSequences">Sequences for which each step generated one more token.</param>
/// <param name="ContextTokens">Cached tokens that the decoding sequences attended to in the first step, summed over them.</param>
public readonly record struct EngineStretch(
    double StartSeconds, int Count, ArithmeticProgression StepSeconds, int PrefillTokens, int DecodeSequences, long ContextTokens)
{
    /// <summary>Energy of all accelerators in each step (J); <c>null</c> where steps are not metered.</summary>
    public ArithmeticProgression? StepJoules { get; init; }

    /// <summary>The part of each step's energy charged to prefill (J); <c>null</c> where steps are not metered.</summary>
    public double? PrefillEnergyJoules { get; init; }

    /// <summary>Accelerator clock during the steps (MHz); <c>null</c> if not known.</summary>
    public double? ClockMegahertz { get; init; }

    /// <summary>The stretch that a single step is.</summary>
    public static EngineStretch Of(in EngineStep step) => new(
        step.StartSeconds,
        1,
        new ArithmeticProgression(step.DurationSeconds, 0),
        step.PrefillTokens,
        step.DecodeSequences,
        step.ContextTokens)
    {
        StepJoules = step.EnergyJoules is { } joules ? new ArithmeticProgression(joules, 0) : null,
        PrefillEnergyJoules = step.PrefillEnergyJoules,
        ClockMegahertz = step.ClockMegahertz,
    };

    /// <summary>One of the steps. Its times are rounded to the nanosecond, as those of every record are.</summary>
    /// <param name="index">Number of the step in the stretch, from 0.</param>
    public EngineStep Step(int index) => new(
        Math.Round(StartSeconds + StepSeconds.Sum(index), 9),
        Math.Round(StepSeconds.At(index), 9),
        PrefillTokens,
        DecodeSequences,
        ContextTokens + ((long)index * DecodeSequences))
    {
        EnergyJoules = StepJoules?.At(index),
        PrefillEnergyJoules = PrefillEnergyJoules,
        ClockMegahertz = ClockMegahertz,
    };

    /// <summary>One of the steps as a stretch of its own. Its times keep all digits.</summary>
    /// <param name="index">Number of the step in the stretch, from 0.</param>
    public EngineStretch Single(int index) => this with
    {
        StartSeconds = StartSeconds + StepSeconds.Sum(index),
        Count = 1,
        StepSeconds = new ArithmeticProgression(StepSeconds.At(index), 0),
        ContextTokens = ContextTokens + ((long)index * DecodeSequences),
        StepJoules = StepJoules is { } joules ? new ArithmeticProgression(joules.At(index), 0) : null,
    };
}
