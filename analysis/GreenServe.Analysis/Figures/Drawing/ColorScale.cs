using GreenServe.Analysis.Formatting;
using SkiaSharp;

namespace GreenServe.Analysis.Figures.Drawing;

/// <summary>The colour bar of a heat map, with the meaning of blank and marked cells.</summary>
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
