namespace GreenServe.Records.EnergyAccounting;

/// <summary>Tokens processed evenly over a stretch of time.</summary>
/// <param name="StartSeconds">Beginning (s from the start of the run).</param>
/// <param name="EndSeconds">End (s).</param>
/// <param name="PrefillTokens">Prompt tokens.</param>
/// <param name="DecodeTokens">Generated tokens.</param>
public readonly record struct PhaseWork(double StartSeconds, double EndSeconds, double PrefillTokens, double DecodeTokens);
