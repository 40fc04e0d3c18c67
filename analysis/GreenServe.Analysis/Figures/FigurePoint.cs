namespace GreenServe.Analysis.Figures;

/// <summary>A point of a series.</summary>
/// <param name="X">Horizontal place; the index on a category axis.</param>
/// <param name="Y">Vertical place.</param>
/// <param name="Low">Lower end of the error bar; <c>null</c> for none.</param>
/// <param name="High">Upper end of the error bar; <c>null</c> for none.</param>
/// <param name="Label">Text beside the point; <c>null</c> for none.</param>
/// <param name="Base">Where a bar begins; 0 unless bars stand on each other.</param>
public sealed record FigurePoint(double X, double Y, double? Low = null, double? High = null, string? Label = null, double Base = 0);
