namespace GreenServe.Analysis.Figures;

/// <summary>How a series looks. Colour never carries a meaning alone: the marker follows it.</summary>
/// <param name="Color">Colour as <c>#RRGGBB</c>.</param>
/// <param name="Marker">Number of the marker shape, from 0.</param>
/// <param name="IsDashed">Dashed instead of solid.</param>
/// <param name="IsOpen">Open markers instead of filled ones.</param>
/// <param name="IsJoined">Whether a line joins the points.</param>
/// <param name="HasMarkers">Whether the points are marked.</param>
public sealed record SeriesStyle(
    string Color, int Marker = 0, bool IsDashed = false, bool IsOpen = false, bool IsJoined = true, bool HasMarkers = true);
