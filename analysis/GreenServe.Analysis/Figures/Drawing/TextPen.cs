using SkiaSharp;

namespace GreenServe.Analysis.Figures.Drawing;

/// <summary>Measures and draws text in the font of the figures.</summary>
internal static class TextPen
{
    private const string Ellipsis = "…";

    /// <summary>Width of a line of text (px).</summary>
    internal static float Width(string text, float size, bool bold = false)
    {
        using SKFont font = Font(size, bold);
        return font.MeasureText(text);
    }

    /// <summary>Draws one line of text that begins at <paramref name="x"/>, with its baseline at <paramref name="y"/> (px).</summary>
    internal static void Draw(SKCanvas canvas, string text, float x, float y, float size, string color, bool bold = false)
    {
        using SKFont font = Font(size, bold);
        using SKPaint paint = new() { Color = SKColor.Parse(color), IsAntialias = true };
        canvas.DrawText(text, x, y, SKTextAlign.Left, font, paint);
    }

    /// <summary>Breaks text at spaces into lines of at most <paramref name="width"/> (px). A longer word has a line of its own.</summary>
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

    /// <summary>Text that is at most <paramref name="width"/> wide (px); a longer one is cut and ends in an ellipsis.</summary>
    internal static string Fit(string text, float width, float size, bool bold = false)
    {
        if (Width(text, size, bold) <= width)
        {
            return text;
        }

        // The longest beginning that fits with its ellipsis, found by halving.
        (int fits, int tooLong) = (0, text.Length);
        while (tooLong - fits > 1)
        {
            int middle = (fits + tooLong) / 2;
            (fits, tooLong) = Width(Cut(text, middle), size, bold) <= width ? (middle, tooLong) : (fits, middle);
        }

        return Cut(text, fits);
    }

    // Half of a letter that is made of two signs is no text.
    private static string Cut(string text, int end) =>
        text[..(end > 0 && char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)].TrimEnd() + Ellipsis;

    private static SKFont Font(float size, bool bold) =>
        new(bold ? InterFont.Bold : InterFont.Regular, size) { Subpixel = true, Edging = SKFontEdging.Antialias };
}
