namespace GreenServe.Analysis.Artifacts;

/// <summary>A measured value beside what a model said it would be.</summary>
/// <param name="Quantity">What it is, with its unit: the panel it belongs to.</param>
/// <param name="Group">What it has in common with others: their series.</param>
/// <param name="Measured">Measured; greater than 0.</param>
/// <param name="Predicted">Predicted; greater than 0.</param>
public sealed record PredictedValue(string Quantity, string Group, double Measured, double Predicted);
