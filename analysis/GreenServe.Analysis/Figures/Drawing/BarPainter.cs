using GreenServe.Analysis.Formatting;
using ScottPlot;
using ScottPlot.Plottables;

namespace GreenServe.Analysis.Figures.Drawing;

/// <summary>Draws a panel of bars with their error bars and values.</summary>
internal static class BarPainter
{
    // Shares of the distance between categories, and of a bar's own place: neighbours keep a gap.
    private const double GroupWidth = 0.8;
    private const double BarWidth = 0.9;

    // The axis ends this much above the highest bar, so that its value has room.
    private const double Headroom = 1.06;
    private const float ValueSize = 10;

    internal static void Paint(Plot plot, BarPanel panel)
    {
        double width = panel.IsStacked ? GroupWidth : GroupWidth / Math.Max(1, panel.Series.Count);
        foreach ((int index, Series series) in panel.Series.Index())
        {
            double offset = panel.IsStacked ? 0 : ((index + 0.5) * width) - (GroupWidth / 2);
            Bar[] bars = [.. series.Points.Select(point => new Bar
            {
                Position = point.X + offset,
                ValueBase = point.Base,
                Value = point.Y,
                Size = BarWidth * width,
                FillColor = Color.FromHex(series.Style.Color),
                LineWidth = 0,
            })];
            plot.Add.Bars(bars);
            IEnumerable<(Coordinates At, FigurePoint Point)> placed = series.Points
                .Select(point => (new Coordinates(point.X + offset, point.Y), point));
            ErrorBarPen.Add(plot, panel.Y, FigureInk.Text, placed);
            foreach (FigurePoint point in panel.HasValues ? series.Points : [])
            {
                AddValue(plot, point, point.X + offset);
            }
        }

        IEnumerable<double> heights = panel.Series.SelectMany(series => series.Points)
            .SelectMany(point => new[] { point.Y, point.High ?? point.Y });
        AxisTicks y = AxisTicks.For(panel.Y with { FromZero = true }, heights.Select(height => height * Headroom));
        PanelPainter.SetAxes(plot, panel, AxisTicks.For(panel.X, []), y);
    }

    private static void AddValue(Plot plot, FigurePoint point, double x)
    {
        Text text = plot.Add.Text(point.Label ?? NumberText.Short(point.Y - point.Base), x, point.High ?? point.Y);
        text.LabelFontName = InterFont.Family;
        text.LabelFontSize = ValueSize;
        text.LabelFontColor = Color.FromHex(FigureInk.Text);
        text.LabelAlignment = Alignment.LowerCenter;
        text.OffsetY = -1;
    }
}
