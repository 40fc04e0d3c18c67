namespace GreenServe.Simulation.Calibration;

/// <summary>Where a fit ended.</summary>
/// <param name="Parameters">The parameters.</param>
/// <param name="HalfWidths">Half the width of the 95 % confidence interval of each.</param>
internal sealed record FitSolution(double[] Parameters, double[] HalfWidths);
