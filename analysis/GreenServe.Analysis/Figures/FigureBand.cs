namespace GreenServe.Analysis.Figures;

/// <summary>A shaded stretch of the horizontal axis.</summary>
/// <param name="Name">What it is; entry of the legend.</param>
/// <param name="Color">Colour as <c>#RRGGBB</c>, drawn faintly.</param>
/// <param name="From">Where it begins.</param>
/// <param name="To">Where it ends.</param>
public sealed record FigureBand(string Name, string Color, double From, double To);
