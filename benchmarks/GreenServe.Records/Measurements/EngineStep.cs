namespace GreenServe.Records.Measurements;

/// <summary>
/// One iteration of an engine, or a stretch in which it had nothing to do (no prefill tokens and no decode sequences); one row of
/// <c>steps.csv</c>. Rows follow each other in time; with their idle rows they cover the whole run of a simulated engine.
/// </summary>
/// <param name="StartSeconds">Beginning of the step (s from the start of the run).</param>
/// <param name="DurationSeconds">Length of the step (s).</param>
/// <param name="PrefillTokens">Prompt tokens processed.</param>
/// <param name="DecodeSequences">Sequences for which the step generated one more token each.</param>
/// <param name="ContextTokens">Cached tokens that the decoding sequences attended to, summed over them.</param>
public readonly record struct EngineStep(
    double StartSeconds, double DurationSeconds, int PrefillTokens, int DecodeSequences, long ContextTokens)
{
    /// <summary>Energy of all accelerators in the step (J); <c>null</c> where steps are not metered.</summary>
    public double? EnergyJoules { get; init; }

    /// <summary>The part of <see cref="EnergyJoules"/> charged to prefill (J); the rest is decode, or idle in an idle row.</summary>
    public double? PrefillEnergyJoules { get; init; }

    /// <summary>Accelerator clock during the step (MHz); <c>null</c> if not known.</summary>
    public double? ClockMegahertz { get; init; }

    /// <summary>Whether the engine had no work: no prefill tokens and no decode sequences.</summary>
    public bool IsIdle => PrefillTokens == 0 && DecodeSequences == 0;
}
