using ScottPlot;
using ScottPlot.Plottables;

namespace GreenServe.Analysis.Figures.Drawing;

/// <summary>Draws a heat map as rectangles: sharp at every size, blank where infeasible, a ring on the best of a row.</summary>
internal static class HeatPainter
{
    internal static void Paint(Plot plot, HeatPanel panel)
    {
        foreach (HeatCell cell in panel.Cells)
        {
            Rectangle rectangle = plot.Add.Rectangle(cell.Column - 0.47, cell.Column + 0.47, cell.Row - 0.46, cell.Row + 0.46);
            rectangle.LineWidth = cell.Value is null ? 0.6f : 0;
            rectangle.LineColor = Color.FromHex(FigureInk.Grid);
            rectangle.FillColor = cell.Value is { } value
                ? Color.FromHex(Palette.Heat((value - panel.ColorLow) / (panel.ColorHigh - panel.ColorLow)))
                : Colors.White;
        }

        foreach (HeatCell cell in panel.Cells.Where(cell => cell.IsMarked))
        {
            plot.Add.Marker(cell.Column, cell.Row, MarkerShape.FilledCircle, 8, Colors.White);
            plot.Add.Marker(cell.Column, cell.Row, MarkerShape.FilledCircle, 5, Colors.Black);
        }

        foreach (double place in panel.Dividers)
        {
            plot.Add.VerticalLine(place, 1.5f, Color.FromHex(FigureInk.Frame));
        }

        plot.HideGrid();
        PanelPainter.SetAxes(plot, panel, AxisTicks.For(panel.X, []), AxisTicks.For(panel.Y, []));
        plot.Axes.SetLimits(-0.5, panel.X.Categories.Count - 0.5, -0.5, panel.Y.Categories.Count - 0.5);
    }
}
