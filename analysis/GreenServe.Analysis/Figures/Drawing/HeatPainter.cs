using GreenServe.Analysis.Formatting;
using ScottPlot;
using ScottPlot.Plottables;
using SkiaSharp;

namespace GreenServe.Analysis.Figures.Drawing;

/// <summary>Draws a heat map as rectangles, sharp at every size. Infeasible cells are blank; a ring marks the best of a row.</summary>
internal static class HeatPainter
{
    // Half the width and height of a cell: a little under 0.5, so that cells keep a gap.
    private const double HalfWidth = 0.47;
    private const double HalfHeight = 0.46;

    internal static void Paint(Plot plot, HeatPanel panel)
    {
        foreach (HeatCell cell in panel.Cells)
        {
            Rectangle rectangle = plot.Add.Rectangle(
                cell.Column - HalfWidth, cell.Column + HalfWidth, cell.Row - HalfHeight, cell.Row + HalfHeight);
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

/// <summary>Draws the colour bar of a heat map, with the meaning of blank and of marked cells.</summary>
internal static class ColorScale
{
    private const int Steps = 60;
    private const float BarWidth = 220;

    internal static void Draw(SKCanvas canvas, HeatPanel panel, float top)
    {
        float x = FigureInk.Margin;
        TextPen.Draw(canvas, panel.ColorLabel, x, top + 10, FigureInk.TickSize, FigureInk.Text);
        for (int step = 0; step < Steps; step++)
        {
            using SKPaint paint = new() { Color = SKColor.Parse(Palette.Heat((double)step / (Steps - 1))) };
            canvas.DrawRect(x + (step * BarWidth / Steps), top + 15, (BarWidth / Steps) + 0.5f, 9, paint);
        }

        TextPen.Draw(canvas, NumberText.Short(panel.ColorLow), x, top + 36, FigureInk.TickSize, FigureInk.Text);
        string high = $"≥ {NumberText.Short(panel.ColorHigh)}";
        TextPen.Draw(canvas, high, x + BarWidth - TextPen.Width(high, FigureInk.TickSize), top + 36, FigureInk.TickSize, FigureInk.Text);

        float at = x + BarWidth + 40;
        using SKPaint black = new() { Color = SKColors.Black, IsAntialias = true };
        canvas.DrawCircle(at + 5, top + 19, 3.5f, black);
        TextPen.Draw(canvas, "least energy of its class", at + 16, top + 23, FigureInk.TickSize, FigureInk.Text);
        at += 190;
        using SKPaint frame = new() { Color = SKColor.Parse(FigureInk.Frame), IsStroke = true, IsAntialias = true };
        canvas.DrawRect(at, top + 13, 12, 12, frame);
        TextPen.Draw(canvas, "blank: breaks the SLO or overloads", at + 18, top + 23, FigureInk.TickSize, FigureInk.Text);
    }
}
