namespace GreenServe.Analysis.Figures;

/// <summary>Series of points, joined by lines or not.</summary>
public sealed record LinePanel : Panel
{
    /// <summary>The series, drawn in this order.</summary>
    public required IReadOnlyList<Series> Series { get; init; }

    /// <summary>Horizontal lines with a name, such as an idle floor.</summary>
    public IReadOnlyList<ReferenceLine> References { get; init; } = [];

    /// <summary>Shaded stretches of the horizontal axis behind the series, such as phases.</summary>
    public IReadOnlyList<FigureBand> Bands { get; init; } = [];
}
