using System.Text;
using System.Text.RegularExpressions;
using ScottPlot;
using SkiaSharp;

namespace GreenServe.Analysis.Figures;

/// <summary>Draws figures as PNG and SVG. The same figure gives the same bytes on one machine.</summary>
public static partial class FigureRenderer
{
    /// <summary>Width every figure is laid out for (px).</summary>
    public const int Width = 800;

    /// <summary>Pixels of a PNG for each pixel of the layout: sharp on dense screens and in print.</summary>
    public const int PngScale = 2;

    private const string FallbackFonts = "Helvetica, Arial, sans-serif";

    /// <summary>The figure as a PNG, twice the layout's size.</summary>
    public static byte[] Png(Figure figure)
    {
        InterFont.Ensure();
        FigureLayout layout = FigureLayout.Of(figure);
        using SKSurface surface = SKSurface.Create(new SKImageInfo(Width * PngScale, layout.Height * PngScale))
            ?? throw new InvalidOperationException("No drawing surface could be made.");
        surface.Canvas.Scale(PngScale);
        Draw(surface.Canvas, figure, layout);
        using SKImage image = surface.Snapshot();
        using SKData data = image.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    /// <summary>The figure as SVG with real text elements.</summary>
    public static string Svg(Figure figure)
    {
        InterFont.Ensure();
        FigureLayout layout = FigureLayout.Of(figure);
        using MemoryStream bytes = new();
        using (SKCanvas canvas = SKSvgCanvas.Create(new SKRect(0, 0, Width, layout.Height), bytes))
        {
            Draw(canvas, figure, layout);
        }

        // Readers without Inter fall back to a font of the same kind; positions are given glyph by glyph.
        return WithStableNames(Encoding.UTF8.GetString(bytes.ToArray()))
            .Replace("font-family=\"Inter\"", $"font-family=\"Inter, {FallbackFonts}\"", StringComparison.Ordinal)
            .Replace("font-family=\"Inter SemiBold, Inter\"", $"font-family=\"Inter SemiBold, Inter, {FallbackFonts}\"", StringComparison.Ordinal);
    }

    /// <summary>Skia numbers clip paths through the life of the process; here they are numbered from 0 in each figure.</summary>
    private static string WithStableNames(string svg)
    {
        Dictionary<string, string> names = [];
        return ClipName().Replace(svg, match =>
        {
            if (!names.TryGetValue(match.Value, out string? name))
            {
                names[match.Value] = name = $"clip{names.Count}";
            }

            return name;
        });
    }

    [GeneratedRegex("\\bcl_[0-9a-f]+\\b")]
    private static partial Regex ClipName();

    private static void Draw(SKCanvas canvas, Figure figure, FigureLayout layout)
    {
        canvas.Clear(SKColors.White);
        TextPen.Draw(canvas, figure.Title, FigureInk.Margin, 26, FigureInk.TitleSize, FigureInk.Text, bold: true);
        foreach ((int index, string line) in layout.SubtitleLines.Index())
        {
            TextPen.Draw(canvas, line, FigureInk.Margin, 45 + (index * 16), FigureInk.SubtitleSize, FigureInk.Faint);
        }

        LegendStrip.Draw(canvas, layout.Legend, layout.LegendTop);
        foreach ((int index, Panel panel) in figure.Panels.Index())
        {
            DrawPanel(canvas, panel, layout.Panels[index]);
        }

        if (figure.Panels.OfType<HeatPanel>().FirstOrDefault() is { } heat)
        {
            ColorScale.Draw(canvas, heat, layout.ColorScaleTop);
        }

        foreach ((int index, string line) in layout.NoteLines.Index())
        {
            TextPen.Draw(canvas, line, FigureInk.Margin, layout.NoteTop + (index * 15), FigureInk.TickSize, FigureInk.Faint);
        }
    }

    private static void DrawPanel(SKCanvas canvas, Panel panel, SKRect place)
    {
        float left = place.Left + PanelPainter.Padding(panel).Left;
        SKRect area = new(place.Left, place.Top + 20, place.Right, place.Bottom);
        using Plot plot = PanelPainter.Paint(panel);

        // ScottPlot clears what it may paint on; without the clip that is the whole figure.
        canvas.Save();
        canvas.ClipRect(area);
        plot.Render(canvas, new PixelRect(area.Left, area.Right, area.Bottom, area.Top));
        canvas.Restore();
        TextPen.Draw(canvas, panel.Title, left, place.Top + 15, FigureInk.PanelTitleSize, FigureInk.Text, bold: true);
        foreach (HeatGroup group in (panel as HeatPanel)?.Groups ?? [])
        {
            float middle = plot.GetPixel(new Coordinates(group.X, 0)).X;
            TextPen.Draw(canvas, group.Name, middle - (TextPen.Width(group.Name, FigureInk.TickSize) / 2), area.Top + 15, FigureInk.TickSize, FigureInk.Text);
        }
    }
}
