using GreenServe.Analysis.Formatting;
using ScottPlot;
using ScottPlot.Plottables;
using SkiaSharp;

namespace GreenServe.Analysis.Figures.Drawing;

/// <summary>Draws a heat map as rectangles, sharp at every size. Infeasible cells are crossed; a ring marks the best ones.</summary>
internal static class HeatPainter
{
    // Half the width and height of a cell: a little under 0.5, so that cells keep a gap.
    private const double HalfWidth = 0.47;
    private const double HalfHeight = 0.46;

    // Size of the cross of an infeasible cell (px).
    private const float CrossSize = 9;

    // Numbers in cells are white from this share of the colours on, where viridis is dark.
    private const double DarkFrom = 0.4;
    private const float LabelSize = 9.5f;

    internal static void Paint(Plot plot, HeatPanel panel)
    {
        foreach (HeatCell cell in panel.Cells)
        {
            Rectangle rectangle = plot.Add.Rectangle(
                cell.Column - HalfWidth, cell.Column + HalfWidth, cell.Row - HalfHeight, cell.Row + HalfHeight);
            rectangle.LineWidth = cell.Value is null ? 0.6f : 0;
            rectangle.LineColor = Color.FromHex(FigureInk.Grid);
            rectangle.FillColor = cell.Value is { } value
                ? Color.FromHex(Palette.Heat(ShareOf(panel, value)))
                : Colors.White;
            AddContent(plot, panel, cell);
        }

        foreach (double place in panel.Dividers)
        {
            plot.Add.VerticalLine(place, 1.5f, Color.FromHex(FigureInk.Frame));
        }

        plot.HideGrid();
        PanelPainter.SetAxes(plot, panel, AxisTicks.For(panel.X, []), AxisTicks.For(panel.Y, []));
        plot.Axes.SetLimits(-0.5, panel.X.Categories.Count - 0.5, -0.5, panel.Y.Categories.Count - 0.5);
    }

    private static double ShareOf(HeatPanel panel, double value) => (value - panel.ColorLow) / (panel.ColorHigh - panel.ColorLow);

    /// <summary>Adds the cross of an infeasible cell, and the number and the mark of the others. A mark stands over its number.</summary>
    private static void AddContent(Plot plot, HeatPanel panel, HeatCell cell)
    {
        if (cell.Value is not { } value)
        {
            plot.Add.Marker(cell.Column, cell.Row, MarkerShape.Eks, CrossSize, Color.FromHex(FigureInk.Frame));
            return;
        }

        if (cell.Label is { } label)
        {
            Text text = plot.Add.Text(label, cell.Column, cell.Row);
            text.LabelFontName = InterFont.Family;
            text.LabelFontSize = LabelSize;
            text.LabelFontColor = ShareOf(panel, value) < DarkFrom ? Color.FromHex(FigureInk.Text) : Colors.White;
            text.LabelAlignment = cell.IsMarked ? Alignment.UpperCenter : Alignment.MiddleCenter;
        }

        if (cell.IsMarked)
        {
            Coordinates at = new(cell.Column, cell.Row + (cell.Label is null ? 0 : HalfHeight / 2));
            plot.Add.Marker(at, MarkerShape.FilledCircle, 8, Colors.White);
            plot.Add.Marker(at, MarkerShape.FilledCircle, 5, Colors.Black);
        }
    }
}

/// <summary>
/// Draws the colour bar of a heat map, with the meaning of marked and of crossed cells beside it, or below where it is narrow.
/// </summary>
internal static class ColorScale
{
    // Pixels of the layout.
    private const int Steps = 60;
    private const float BarWidth = 220;
    private const float BarHeight = 44;
    private const float Gap = 40;
    private const float SymbolWidth = 18;
    private const float RowHeight = 18;

    /// <summary>Height of the colour bar and its legend (px).</summary>
    /// <param name="panel">The heat map.</param>
    /// <param name="width">Room for them (px).</param>
    internal static float Height(HeatPanel panel, float width) =>
        BarHeight + (Fits(panel, width) ? 0 : RowHeight * EntriesOf(panel).Length);

    internal static void Draw(SKCanvas canvas, HeatPanel panel, float top, float width)
    {
        float x = FigureInk.Margin;
        TextPen.Draw(canvas, panel.ColorLabel, x, top + 10, FigureInk.TickSize, FigureInk.Text);
        for (int step = 0; step < Steps; step++)
        {
            using SKPaint paint = new() { Color = SKColor.Parse(Palette.Heat((double)step / (Steps - 1))) };
            canvas.DrawRect(x + (step * BarWidth / Steps), top + 15, (BarWidth / Steps) + 0.5f, 9, paint);
        }

        TextPen.Draw(canvas, NumberText.Short(panel.ColorLow), x, top + 36, FigureInk.TickSize, FigureInk.Text);
        bool hasMore = panel.Cells.Any(cell => cell.Value > panel.ColorHigh);
        string high = $"{(hasMore ? "≥ " : "")}{NumberText.Short(panel.ColorHigh)}";
        TextPen.Draw(canvas, high, x + BarWidth - TextPen.Width(high, FigureInk.TickSize), top + 36, FigureInk.TickSize, FigureInk.Text);

        bool isBeside = Fits(panel, width);
        (float at, float middle) = isBeside ? (x + BarWidth + Gap, top + 19) : (x, top + BarHeight + 5);
        foreach ((Action<SKCanvas, float, float> symbol, string text) in EntriesOf(panel))
        {
            symbol(canvas, at, middle);
            TextPen.Draw(canvas, text, at + SymbolWidth, middle + 4, FigureInk.TickSize, FigureInk.Text);
            (at, middle) = isBeside ? (at + WidthOf(text), middle) : (at, middle + RowHeight);
        }
    }

    private static bool Fits(HeatPanel panel, float width) => BarWidth + EntriesOf(panel).Sum(entry => WidthOf(entry.Text)) <= width;

    private static float WidthOf(string text) => SymbolWidth + TextPen.Width(text, FigureInk.TickSize) + Gap;

    private static (Action<SKCanvas, float, float> Symbol, string Text)[] EntriesOf(HeatPanel panel) =>
        [(DrawDot, panel.MarkLabel), (DrawCross, panel.CrossLabel)];

    private static void DrawDot(SKCanvas canvas, float x, float middle)
    {
        using SKPaint black = new() { Color = SKColors.Black, IsAntialias = true };
        canvas.DrawCircle(x + 6, middle, 3.5f, black);
    }

    private static void DrawCross(SKCanvas canvas, float x, float middle)
    {
        using SKPaint frame = new() { Color = SKColor.Parse(FigureInk.Frame), IsStroke = true, IsAntialias = true };
        canvas.DrawRect(x, middle - 6, 12, 12, frame);
        canvas.DrawLine(x + 3, middle - 3, x + 9, middle + 3, frame);
        canvas.DrawLine(x + 3, middle + 3, x + 9, middle - 3, frame);
    }
}
