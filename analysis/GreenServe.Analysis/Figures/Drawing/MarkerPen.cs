using ScottPlot;

namespace GreenServe.Analysis.Figures.Drawing;

/// <summary>Draws the markers of series. Shapes have numbers, and open shapes match the filled ones of the same number.</summary>
internal static class MarkerPen
{
    private static readonly MarkerShape[] Filled =
    [
        MarkerShape.FilledCircle, MarkerShape.FilledSquare, MarkerShape.FilledTriangleUp, MarkerShape.FilledDiamond,
        MarkerShape.FilledTriangleDown, MarkerShape.Cross, MarkerShape.Eks, MarkerShape.Asterisk,
    ];

    private static readonly MarkerShape[] Open =
    [
        MarkerShape.OpenCircle, MarkerShape.OpenSquare, MarkerShape.OpenTriangleUp, MarkerShape.OpenDiamond,
        MarkerShape.OpenTriangleDown, MarkerShape.Cross, MarkerShape.Eks, MarkerShape.Asterisk,
    ];

    // There are as many colours as markers. From the second round on the markers shift against them, so that no two series are drawn alike.
    internal static MarkerShape Shape(SeriesStyle style) =>
        (style.IsOpen ? Open : Filled)[(style.Marker + (style.Marker / Filled.Length)) % Filled.Length];

    internal static MarkerStyle Style(SeriesStyle style)
    {
        Color color = Color.FromHex(style.Color);
        return new MarkerStyle(style.HasMarkers ? Shape(style) : MarkerShape.None, FigureInk.MarkerSize, color)
        {
            FillColor = style.IsOpen ? Colors.White : color,
            LineColor = color,
            LineWidth = 1.5f,
        };
    }
}
