using ScottPlot;
using ScottPlot.Plottables;

namespace GreenServe.Analysis.Figures.Drawing;

/// <summary>Draws series of points with their error bars.</summary>
internal static class LinePainter
{
    /// <summary>How much of a band's colour is seen, here and in the legend.</summary>
    internal const double BandOpacity = 0.28;

    internal static void Paint(Plot plot, LinePanel panel)
    {
        IEnumerable<FigurePoint> points = panel.Series.SelectMany(series => series.Points);
        AxisTicks x = AxisTicks.For(panel.X, points.Select(point => point.X).Concat(panel.Bands.SelectMany(band => new[] { band.From, band.To })));
        AxisTicks y = AxisTicks.For(panel.Y, points
            .SelectMany(point => new[] { point.Y, Lowest(panel.Y, point), point.High ?? point.Y })
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
            AddSeries(plot, panel, series, x);
        }

        PanelPainter.SetAxes(plot, panel, x, y);
    }

    // An interval of few runs may reach below what a quantity can be: its bar ends at the axis.
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

            // Towards the middle, so that no label leaves the panel.
            bool isNearEnd = at.X > x.High - (0.15 * (x.High - x.Low));
            text.LabelAlignment = isNearEnd ? Alignment.LowerRight : Alignment.LowerLeft;
            text.OffsetX = isNearEnd ? -6 : 6;
            text.OffsetY = -4;
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
