using System.Text.Json.Serialization;

namespace GreenServe.Analysis.Figures;

/// <summary>A series of points in a panel.</summary>
/// <param name="Name">
/// Name of the series in the legend, where series of equal name and style share one entry. Empty for a series without an entry.
/// </param>
/// <param name="Style">How the series looks.</param>
/// <param name="Points">The points in drawing order.</param>
/// <param name="IsListed">Whether the legend names the series. If it does not, a note must say what the series is.</param>
internal sealed record Series(string Name, SeriesStyle Style, IReadOnlyList<FigurePoint> Points, bool IsListed = true);

/// <summary>A point of a series.</summary>
/// <param name="X">Horizontal place in the unit of the axis; the index of the name on a category axis.</param>
/// <param name="Y">Vertical place in the unit of the axis.</param>
/// <param name="Low">Lower end of the error bar; <c>null</c> for a point without an error bar.</param>
/// <param name="High">Upper end of the error bar; <c>null</c> for a point without an error bar.</param>
/// <param name="Label">Text beside the point; <c>null</c> for none.</param>
/// <param name="Base">Where a bar begins; 0 unless bars stand on each other.</param>
internal sealed record FigurePoint(double X, double Y, double? Low = null, double? High = null, string? Label = null, double Base = 0)
{
    /// <summary>Lower end of what a simulated point may be off by; <c>null</c> for a point without such a band.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? BandLow { get; init; }

    /// <summary>Upper end of what a simulated point may be off by; <c>null</c> for a point without such a band.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? BandHigh { get; init; }

    /// <summary>
    /// What a reader who points at the point is told, a line each, in place of its numbers; <c>null</c> for the numbers themselves.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Details { get; init; }
}

/// <summary>How a series looks.</summary>
/// <remarks>Colour never carries a meaning alone: series of different colours have different markers too.</remarks>
/// <param name="Color">Colour as <c>#RRGGBB</c>.</param>
/// <param name="Marker">Number of the marker's shape, from 0.</param>
/// <param name="IsDashed">Whether the line is dashed instead of solid.</param>
/// <param name="IsOpen">Whether the markers are open instead of filled.</param>
/// <param name="IsJoined">Whether a line joins the points.</param>
/// <param name="HasMarkers">Whether the points are marked.</param>
internal sealed record SeriesStyle(
    string Color, int Marker = 0, bool IsDashed = false, bool IsOpen = false, bool IsJoined = true, bool HasMarkers = true);
