namespace GreenServe.Analysis.Figures;

/// <summary>A panel with series of points, which lines may join.</summary>
internal sealed record LinePanel : Panel
{
    /// <summary>The series in drawing order.</summary>
    public required IReadOnlyList<Series> Series { get; init; }

    /// <summary>Horizontal lines with a name, such as an idle floor.</summary>
    public IReadOnlyList<ReferenceLine> References { get; init; } = [];

    /// <summary>Shaded stretches of the horizontal axis behind the series, such as phases.</summary>
    public IReadOnlyList<FigureBand> Bands { get; init; } = [];

    /// <inheritdoc />
    internal override bool IsEmpty => Series.All(series => series.Points.Count == 0);
}

/// <summary>A horizontal line across a panel.</summary>
/// <param name="Name">What the line marks; written beside the line.</param>
/// <param name="Y">Where the line lies, in the unit of the axis.</param>
internal sealed record ReferenceLine(string Name, double Y);

/// <summary>A shaded stretch of the horizontal axis.</summary>
/// <param name="Name">What the stretch is; its entry in the legend.</param>
/// <param name="Color">Colour as <c>#RRGGBB</c>, drawn faintly.</param>
/// <param name="From">Where the stretch begins, in the unit of the axis.</param>
/// <param name="To">Where the stretch ends, in the unit of the axis.</param>
internal sealed record FigureBand(string Name, string Color, double From, double To);
