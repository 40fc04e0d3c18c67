namespace GreenServe.Simulation.Calibration;

/// <summary>A fitted constant with its 95 % confidence interval.</summary>
/// <param name="Constant">Which.</param>
/// <param name="Value">Its value.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end of the interval.</param>
/// <param name="Before">Value in the definitions that the fit started from.</param>
/// <param name="IsTold">
/// Whether the runs tell it: an efficiency or a power to within a factor of three, a time to within half its value or 5 % of a step.
/// One that they do not tell stays near the value before; together with the others it still fits the runs.
/// </param>
public sealed record FittedConstant(CalibrationConstant Constant, double Value, double Low, double High, double Before, bool IsTold);
