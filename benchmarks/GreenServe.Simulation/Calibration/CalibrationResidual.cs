namespace GreenServe.Simulation.Calibration;

/// <summary>One measured value beside what the simulator said before the fit and says after it.</summary>
/// <param name="Run">Name of the run.</param>
/// <param name="Seconds">When, from the start of the run (s).</param>
/// <param name="Measured">The value: a step's duration (s), or the power of a window (W).</param>
/// <param name="Before">What the definitions before the fit give.</param>
/// <param name="After">What the fitted ones give.</param>
public sealed record CalibrationResidual(string Run, double Seconds, double Measured, double Before, double After);
