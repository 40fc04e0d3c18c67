namespace GreenServe.Analysis.Figures;

/// <summary>Points that belong together.</summary>
/// <param name="Name">What it is; entry of the legend, where equal names and styles share one entry. Empty for none.</param>
/// <param name="Style">How it looks.</param>
/// <param name="Points">The points in drawing order.</param>
/// <param name="IsListed">Whether the legend names it; otherwise a note must say what it is.</param>
public sealed record Series(string Name, SeriesStyle Style, IReadOnlyList<FigurePoint> Points, bool IsListed = true);
