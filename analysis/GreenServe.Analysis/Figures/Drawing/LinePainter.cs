using ScottPlot;
using ScottPlot.Plottables;
using SkiaSharp;

namespace GreenServe.Analysis.Figures.Drawing;

/// <summary>Draws a panel of lines: series of points with their error bars, reference lines and bands.</summary>
internal static class LinePainter
{
    /// <summary>Opacity of a band, in the panel and in the legend: faint enough to read the series over it.</summary>
    internal const double BandOpacity = 0.28;

    /// <summary>Opacity of the error band of a simulated series: other series and the grid show through it.</summary>
    private const double ErrorBandOpacity = 0.14;

    // A label beside a point in this last share of the axis stands below it to the left: it neither leaves the panel nor lies on a line
    // that falls to the point.
    private const double LabelTurnShare = 0.15;

    internal static void Paint(Plot plot, LinePanel panel)
    {
        IEnumerable<FigurePoint> points = panel.Series.SelectMany(series => series.Points);
        IEnumerable<double> bandEnds = panel.Bands.SelectMany(band => new[] { band.From, band.To });
        AxisTicks x = AxisTicks.For(panel.X, points.Select(point => point.X).Concat(bandEnds));
        AxisTicks y = AxisTicks.For(panel.Y, points
            .SelectMany(point => new[]
            {
                point.Y, Lowest(panel.Y, point), point.High ?? point.Y, point.BandLow ?? point.Y, point.BandHigh ?? point.Y,
            })
            .Concat(panel.References.Select(reference => reference.Y)));
        foreach (FigureBand band in panel.Bands)
        {
            AddBand(plot, panel, band, y);
        }

        foreach ((int index, ReferenceLine reference) in panel.References.Index())
        {
            AddReference(plot, panel, reference, x, atRight: index % 2 == 0);
        }

        foreach (Series series in panel.Series)
        {
            AddErrorBand(plot, panel, series);
        }

        foreach (Series series in panel.Series)
        {
            AddSeries(plot, panel, series, x);
        }

        PanelPainter.SetAxes(plot, panel, x, y);
    }

    // An interval of few runs may reach below 0, which the quantity cannot. Its bar ends at the axis.
    private static double Lowest(FigureAxis axis, FigurePoint point) =>
        axis.FromZero && point.Y >= 0 ? Math.Max(0, point.Low ?? point.Y) : point.Low ?? point.Y;

    private static void AddBand(Plot plot, LinePanel panel, FigureBand band, AxisTicks y)
    {
        if (AxisTicks.Place(panel.X, band.From) is { } from && AxisTicks.Place(panel.X, band.To) is { } to)
        {
            Rectangle rectangle = plot.Add.Rectangle(from, to, y.Low, y.High);
            rectangle.FillColor = Color.FromHex(band.Color).WithAlpha(BandOpacity);
            rectangle.LineWidth = 0;
        }
    }

    private static void AddErrorBand(Plot plot, LinePanel panel, Series series)
    {
        (double X, double Low, double High)[] ends = [.. series.Points
            .Select(point => (
                X: AxisTicks.Place(panel.X, point.X),
                Low: point.BandLow is { } low ? AxisTicks.Place(panel.Y, low) : null,
                High: point.BandHigh is { } high ? AxisTicks.Place(panel.Y, high) : null))
            .Where(end => end is { X: not null, Low: not null, High: not null })
            .Select(end => (end.X!.Value, end.Low!.Value, end.High!.Value))];
        if (ends.Length > 1)
        {
            Polygon polygon = plot.Add.Polygon(
            [
                .. ends.Select(end => new Coordinates(end.X, end.High)),
                .. ends.Reverse().Select(end => new Coordinates(end.X, end.Low)),
            ]);
            polygon.FillColor = Color.FromHex(series.Style.Color).WithAlpha(ErrorBandOpacity);
            polygon.LineWidth = 0;
            polygon.MarkerStyle = MarkerStyle.None;
        }
    }

    private static void AddSeries(Plot plot, LinePanel panel, Series series, AxisTicks x)
    {
        (Coordinates At, FigurePoint Point)[] placed = [.. series.Points
            .Select(point => (X: AxisTicks.Place(panel.X, point.X), Y: AxisTicks.Place(panel.Y, point.Y), Point: point))
            .Where(point => point.X is not null && point.Y is not null)
            .Select(point => (new Coordinates(point.X!.Value, point.Y!.Value), point.Point))];
        ErrorBarPen.Add(plot, panel.Y, series.Style.Color, placed);
        Coordinates[] coordinates = [.. placed.Select(point => point.At)];
        if (series.Style is { IsJoined: true, IsDashed: true })
        {
            plot.Add.Plottable(new DashedLine(coordinates, Color.FromHex(series.Style.Color), FigureInk.LineWidth, dash: 8, gap: 6));
        }

        Scatter scatter = plot.Add.Scatter(coordinates, Color.FromHex(series.Style.Color));
        scatter.LineWidth = series.Style is { IsJoined: true, IsDashed: false } ? FigureInk.LineWidth : 0;
        scatter.MarkerStyle = MarkerPen.Style(series.Style);
        foreach ((Coordinates at, FigurePoint point) in placed.Where(point => point.Point.Label is not null))
        {
            Text text = plot.Add.Text(point.Label!, at);
            text.LabelFontName = InterFont.Family;
            text.LabelFontSize = FigureInk.TickSize;
            text.LabelFontColor = Color.FromHex(FigureInk.Faint);

            bool isNearEnd = at.X > x.High - (LabelTurnShare * (x.High - x.Low));
            text.LabelAlignment = isNearEnd ? Alignment.UpperRight : Alignment.LowerLeft;
            text.OffsetX = isNearEnd ? -6 : 6;
            text.OffsetY = isNearEnd ? 4 : -4;
        }
    }

    // Names alternate between the ends, so that those of two close lines do not touch.
    private static void AddReference(Plot plot, LinePanel panel, ReferenceLine reference, AxisTicks x, bool atRight)
    {
        if (AxisTicks.Place(panel.Y, reference.Y) is not { } place)
        {
            return;
        }

        Coordinates[] ends = [new(x.Low, place), new(x.High, place)];
        plot.Add.Plottable(new DashedLine(ends, Color.FromHex(FigureInk.Faint), 1.2f, dash: 2, gap: 3));
        Text text = plot.Add.Text(reference.Name, atRight ? x.High : x.Low, place);
        text.LabelFontName = InterFont.Family;
        text.LabelFontSize = FigureInk.TickSize;
        text.LabelFontColor = Color.FromHex(FigureInk.Faint);
        text.LabelAlignment = atRight ? Alignment.LowerRight : Alignment.LowerLeft;
        text.OffsetX = atRight ? -4 : 4;
        text.OffsetY = -2;
    }
}

/// <summary>A dashed polyline made of short solid lines, because the SVG canvas has no dashes and would leave the line out.</summary>
/// <param name="points">Places on the axes, in order.</param>
/// <param name="color">Colour of the line.</param>
/// <param name="width">Width of the line (px).</param>
/// <param name="dash">Length of a dash (px).</param>
/// <param name="gap">Length of a gap (px).</param>
internal sealed class DashedLine(IReadOnlyList<Coordinates> points, Color color, float width, float dash, float gap) : IPlottable
{
    public bool IsVisible { get; set; } = true;

    public IAxes Axes { get; set; } = new Axes();

    public IEnumerable<LegendItem> LegendItems => [];

    public AxisLimits GetAxisLimits() => AxisLimits.NoLimits;

    public void Render(RenderPack rp)
    {
        using SKPaint paint = new()
        {
            Color = new SKColor(color.R, color.G, color.B, color.A),
            StrokeWidth = width,
            IsStroke = true,
            IsAntialias = true,
        };
        float along = 0;
        for (int index = 1; index < points.Count; index++)
        {
            along = DrawSegment(rp.Canvas, paint, Axes.GetPixel(points[index - 1]), Axes.GetPixel(points[index]), along);
        }
    }

    // The pattern goes on over corners: each segment begins where the pattern of the last one ended, and returns where it ends itself.
    private float DrawSegment(SKCanvas canvas, SKPaint paint, Pixel from, Pixel to, float along)
    {
        float length = MathF.Sqrt(((to.X - from.X) * (to.X - from.X)) + ((to.Y - from.Y) * (to.Y - from.Y)));
        float period = dash + gap;
        for (float start = -(along % period); start < length; start += period)
        {
            (float begin, float end) = (Math.Max(0, start), Math.Min(length, start + dash));
            if (end > begin)
            {
                canvas.DrawLine(
                    from.X + ((to.X - from.X) * begin / length), from.Y + ((to.Y - from.Y) * begin / length),
                    from.X + ((to.X - from.X) * end / length), from.Y + ((to.Y - from.Y) * end / length), paint);
            }
        }

        return along + length;
    }
}
