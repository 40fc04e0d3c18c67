namespace GreenServe.Analysis.Figures;

/// <summary>A horizontal line across a panel.</summary>
/// <param name="Name">What it is; written beside it.</param>
/// <param name="Y">Where it lies, in the unit of the axis.</param>
public sealed record ReferenceLine(string Name, double Y);
