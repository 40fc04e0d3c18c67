namespace GreenServe.Metering.Characterization;

/// <summary>Counter energy against averaged power times time.</summary>
/// <param name="Device">The device.</param>
/// <param name="CounterJoules">By the counter (J).</param>
/// <param name="AveragedJoules">By the averaged power (J).</param>
/// <param name="DifferenceRatio">Averaged minus counter, as a share of the counter.</param>
public sealed record AgreementResult(string? Device, double CounterJoules, double AveragedJoules, double DifferenceRatio);
