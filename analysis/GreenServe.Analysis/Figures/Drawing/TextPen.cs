using SkiaSharp;

namespace GreenServe.Analysis.Figures.Drawing;

/// <summary>Text in the figures' one font.</summary>
internal static class TextPen
{
    internal static float Width(string text, float size, bool bold = false)
    {
        using SKFont font = Font(size, bold);
        return font.MeasureText(text);
    }

    /// <summary>Draws one line with its baseline at <paramref name="y"/>.</summary>
    internal static void Draw(SKCanvas canvas, string text, float x, float y, float size, string color, bool bold = false)
    {
        using SKFont font = Font(size, bold);
        using SKPaint paint = new() { Color = SKColor.Parse(color), IsAntialias = true };
        canvas.DrawText(text, x, y, SKTextAlign.Left, font, paint);
    }

    /// <summary>Breaks text into lines no wider than <paramref name="width"/>, at spaces.</summary>
    internal static IReadOnlyList<string> Wrap(string text, float width, float size)
    {
        List<string> lines = [];
        string line = "";
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string longer = line.Length == 0 ? word : $"{line} {word}";
            if (line.Length > 0 && Width(longer, size) > width)
            {
                lines.Add(line);
                longer = word;
            }

            line = longer;
        }

        if (line.Length > 0)
        {
            lines.Add(line);
        }

        return lines;
    }

    private static SKFont Font(float size, bool bold) =>
        new(bold ? InterFont.Bold : InterFont.Regular, size) { Subpixel = true, Edging = SKFontEdging.Antialias };
}
