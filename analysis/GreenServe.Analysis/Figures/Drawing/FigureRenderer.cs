using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ScottPlot;
using SkiaSharp;

namespace GreenServe.Analysis.Figures.Drawing;

/// <summary>Draws figures as PNG and SVG. On one machine the same figure gives the same bytes.</summary>
internal static partial class FigureRenderer
{
    /// <summary>Width of the layout of every figure (px).</summary>
    public const int Width = 800;

    /// <summary>Pixels of a PNG for each pixel of the layout, so that it is sharp on dense screens and in print.</summary>
    public const int PngScale = 2;

    // A column is laid out 400 px wide and printed 3.33 inches wide, so that ticks of 11 px have 6.6 points and the values of bars 6.0.
    private const int ColumnWidth = 400;
    private const int ColumnPanelHeight = 200;
    private const double ColumnInches = 3.33;

    // Columns of a heat map in a column of a paper: with more, the numbers in its cells would touch.
    private const int MaxHeatColumns = 10;

    // A title that does not fit over its axes begins further left, but not nearer than this to the panel before it (px).
    private const float TitleGap = 10;

    // Baseline of the first line of the title, and height of a panel's title (px).
    private const float FirstBaseline = 26;
    private const float PanelTitleHeight = 20;

    /// <summary>Draws a figure as a PNG of twice the layout's size.</summary>
    /// <param name="figure">The figure.</param>
    /// <returns>The file's bytes.</returns>
    public static byte[] Png(Figure figure)
    {
        InterFont.Ensure();
        FigureLayout layout = FigureLayout.Of(figure, Width);
        using SKSurface surface = SKSurface.Create(new SKImageInfo(Width * PngScale, layout.Height * PngScale))
            ?? throw new InvalidOperationException("No drawing surface could be made.");
        surface.Canvas.Scale(PngScale);
        Draw(surface.Canvas, figure, layout, Width);
        using SKImage image = surface.Snapshot();
        using SKData data = image.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    /// <summary>Draws a figure as SVG, in which text stays text.</summary>
    /// <param name="figure">The figure.</param>
    /// <returns>The file's text.</returns>
    public static string Svg(Figure figure) => Svg(figure, Width);

    /// <summary>Draws a figure as SVG for one column of a paper: 3.33 inches wide, with panels below each other.</summary>
    /// <param name="figure">The figure.</param>
    /// <returns>The file's text; <c>null</c> for a heat map of many columns, whose cells would be too small.</returns>
    public static string? ColumnSvg(Figure figure)
    {
        if (figure.Panels.Any(panel => panel is HeatPanel { X.Categories.Count: > MaxHeatColumns }))
        {
            return null;
        }

        string svg = Svg(figure with { Columns = 1, PanelHeight = ColumnPanelHeight }, ColumnWidth);
        Match size = SvgSize().Match(svg);
        double height = double.Parse(size.Groups["height"].Value, CultureInfo.InvariantCulture);
        string inches = string.Create(CultureInfo.InvariantCulture,
            $"width=\"{ColumnInches}in\" height=\"{ColumnInches * height / ColumnWidth:0.####}in\" viewBox=\"0 0 {ColumnWidth} {height}\"");
        return svg.Remove(size.Index, size.Length).Insert(size.Index, inches);
    }

    private static string Svg(Figure figure, int width)
    {
        InterFont.Ensure();
        FigureLayout layout = FigureLayout.Of(figure, width);
        using MemoryStream bytes = new();
        using (SKCanvas canvas = SKSvgCanvas.Create(new SKRect(0, 0, width, layout.Height), bytes))
        {
            Draw(canvas, figure, layout, width);
        }

        return SvgDocument.Clean(Encoding.UTF8.GetString(bytes.ToArray()), width, layout.Height);
    }

    [GeneratedRegex("width=\"\\d+\" height=\"(?<height>\\d+)\"")]
    private static partial Regex SvgSize();

    private static void Draw(SKCanvas canvas, Figure figure, FigureLayout layout, float width)
    {
        canvas.Clear(SKColors.White);
        foreach ((int index, string line) in layout.TitleLines.Index())
        {
            float baseline = FirstBaseline + (index * FigureLayout.TitleLine);
            TextPen.Draw(canvas, line, FigureInk.Margin, baseline, FigureInk.TitleSize, FigureInk.Text, bold: true);
        }

        foreach ((int index, string line) in layout.SubtitleLines.Index())
        {
            float baseline = layout.SubtitleTop + (index * FigureLayout.SubtitleLine);
            TextPen.Draw(canvas, line, FigureInk.Margin, baseline, FigureInk.SubtitleSize, FigureInk.Faint);
        }

        LegendStrip.Draw(canvas, layout.Legend, layout.LegendTop);
        foreach ((int index, Panel panel) in figure.Panels.Index())
        {
            DrawPanel(canvas, panel, layout.Panels[index]);
        }

        if (figure.Panels.OfType<HeatPanel>().FirstOrDefault() is { } heat)
        {
            ColorScale.Draw(canvas, heat, layout.ColorScaleTop, width - (2 * FigureInk.Margin));
        }

        foreach ((int index, string line) in layout.NoteLines.Index())
        {
            float baseline = layout.NoteTop + (index * FigureLayout.NoteLine);
            TextPen.Draw(canvas, line, FigureInk.Margin, baseline, FigureInk.TickSize, FigureInk.Faint);
        }
    }

    private static void DrawPanel(SKCanvas canvas, Panel panel, SKRect place)
    {
        float left = place.Left + PanelPainter.Padding(panel).Left;
        SKRect area = new(place.Left, place.Top + PanelTitleHeight, place.Right, place.Bottom);
        using Plot plot = PanelPainter.Paint(panel);

        // ScottPlot clears what it may paint on; without the clip that is the whole figure.
        canvas.Save();
        canvas.ClipRect(area);
        plot.Render(canvas, new PixelRect(area.Left, area.Right, area.Bottom, area.Top));
        canvas.Restore();
        DrawTitle(canvas, panel.Title, left, place);
        foreach (HeatGroup group in (panel as HeatPanel)?.Groups ?? [])
        {
            float middle = plot.GetPixel(new Coordinates(group.X, 0)).X;
            float start = middle - (TextPen.Width(group.Name, FigureInk.TickSize) / 2);
            TextPen.Draw(canvas, group.Name, start, area.Top + 15, FigureInk.TickSize, FigureInk.Text);
        }
    }

    private static void DrawTitle(SKCanvas canvas, string title, float left, SKRect place)
    {
        float right = place.Right - TitleGap;
        float width = TextPen.Width(title, FigureInk.PanelTitleSize, bold: true);
        float start = Math.Max(place.Left + TitleGap, Math.Min(left, right - width));
        string text = TextPen.Fit(title, right - start, FigureInk.PanelTitleSize, bold: true);
        TextPen.Draw(canvas, text, start, place.Top + 15, FigureInk.PanelTitleSize, FigureInk.Text, bold: true);
    }
}
