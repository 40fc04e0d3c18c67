namespace GreenServe.Records.Measurements;

/// <summary>
/// Consecutive steps of an engine that decode the same sequences; one row of <c>steps.csv</c>. Each step attends to one token more for each
/// sequence, so that durations and energies grow by a constant. A single step is a stretch of one.
/// </summary>
/// <param name="StartSeconds">Beginning of the first step (s from the start of the run).</param>
/// <param name="Count">Number of steps, at least 1.</param>
/// <param name="FirstSeconds">Duration of the first step (s).</param>
/// <param name="PrefillTokens">Prompt tokens processed in each step; a stretch of several steps has none.</param>
/// <param name="DecodeSequences">Sequences for which each step generated one more token.</param>
/// <param name="ContextTokens">Cached tokens that the decoding sequences attended to in the first step, summed over them.</param>
public readonly record struct EngineStretch(
    double StartSeconds, int Count, double FirstSeconds, int PrefillTokens, int DecodeSequences, long ContextTokens)
{
    /// <summary>What each further cached token adds to the duration of a step (s).</summary>
    /// <value>Default: 0.</value>
    public double ContextTokenSeconds { get; init; }

    /// <summary>Energy of all accelerators in the first step (J); <c>null</c> where steps are not metered.</summary>
    public double? FirstJoules { get; init; }

    /// <summary>What each further cached token adds to the energy of a step (J).</summary>
    /// <value>Default: 0.</value>
    public double ContextTokenJoules { get; init; }

    /// <summary>The part of each step's energy charged to prefill (J); <c>null</c> where steps are not metered.</summary>
    public double? PrefillEnergyJoules { get; init; }

    /// <summary>Accelerator clock during the steps (MHz); <c>null</c> if not known.</summary>
    public double? ClockMegahertz { get; init; }

    /// <summary>Duration of each step (s).</summary>
    public ArithmeticProgression StepSeconds => new(FirstSeconds, DecodeSequences * ContextTokenSeconds);

    /// <summary>Energy of all accelerators in each step (J); <c>null</c> where steps are not metered.</summary>
    public ArithmeticProgression? StepJoules =>
        FirstJoules is { } joules ? new ArithmeticProgression(joules, DecodeSequences * ContextTokenJoules) : null;

    /// <summary>End of the last step (s from the start of the run).</summary>
    public double EndSeconds => StartSeconds + StepSeconds.Sum(Count);

    /// <summary>The stretch that a single step is.</summary>
    public static EngineStretch Of(in EngineStep step) =>
        new(step.StartSeconds, 1, step.DurationSeconds, step.PrefillTokens, step.DecodeSequences, step.ContextTokens)
        {
            FirstJoules = step.EnergyJoules,
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
        FirstSeconds = StepSeconds.At(index),
        ContextTokens = ContextTokens + ((long)index * DecodeSequences),
        FirstJoules = StepJoules?.At(index),
        ContextTokenSeconds = 0,
        ContextTokenJoules = 0,
    };
}
