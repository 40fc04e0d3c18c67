using ScottPlot;
using SkiaSharp;

namespace GreenServe.Analysis.Figures.Drawing;

/// <summary>The legend of a whole figure. It stands above the panels, so that it hides nothing.</summary>
internal sealed class LegendStrip
{
    // Pixels of the layout.
    private const float SymbolWidth = 26;
    private const float Gap = 18;
    private const float RowHeight = 19;
    private readonly IReadOnlyList<(Series Series, bool IsBar, float X, int Row)> entries;

    private LegendStrip(IReadOnlyList<(Series Series, bool IsBar, float X, int Row)> entries) => this.entries = entries;

    internal float Height => entries.Count == 0 ? 0 : (entries[^1].Row + 1) * RowHeight;

    /// <summary>The legend of a figure, with one entry for each name and style of a listed series and for each band.</summary>
    /// <param name="figure">The figure.</param>
    /// <param name="width">Room for a row of entries (px).</param>
    internal static LegendStrip Of(Figure figure, float width)
    {
        (Series Series, bool IsBar)[] series = [.. figure.Panels
            .SelectMany(panel => panel switch
            {
                LinePanel lines => lines.Series.Select(one => (one, false)),
                BarPanel bars => bars.Series.Select(one => (one, true)),
                _ => [],
            })
            .Where(pair => pair.Item1 is { Name.Length: > 0, IsListed: true })
            .Concat(figure.Panels.OfType<LinePanel>().SelectMany(panel => panel.Bands)
                .Select(band => (new Series(band.Name, new SeriesStyle(Faint(band.Color)), []), true)))
            .DistinctBy(pair => (pair.Item1.Name, pair.Item1.Style))];
        List<(Series, bool, float, int)> entries = [];
        float x = 0;
        int row = 0;
        foreach ((Series one, bool isBar) in series)
        {
            string name = TextPen.Fit(one.Name, width - SymbolWidth - 6, FigureInk.LabelSize);
            float needed = SymbolWidth + 6 + TextPen.Width(name, FigureInk.LabelSize);
            if (x > 0 && x + needed > width)
            {
                (x, row) = (0, row + 1);
            }

            entries.Add((one with { Name = name }, isBar, FigureInk.Margin + x, row));
            x += needed + Gap;
        }

        return new LegendStrip(entries);
    }

    /// <summary>Draws a legend with its upper edge at <paramref name="top"/> (px).</summary>
    internal static void Draw(SKCanvas canvas, LegendStrip legend, float top)
    {
        foreach ((Series series, bool isBar, float x, int row) in legend.entries)
        {
            float middle = top + (row * RowHeight) + 10;
            using SKPaint paint = new()
            {
                Color = SKColor.Parse(series.Style.Color),
                IsAntialias = true,
                StrokeWidth = FigureInk.LineWidth,
            };
            if (isBar)
            {
                canvas.DrawRect(x + 6, middle - 5, 12, 10, paint);
            }
            else
            {
                DrawLine(canvas, series.Style, x, middle, paint);
            }

            TextPen.Draw(canvas, series.Name, x + SymbolWidth + 4, middle + 4, FigureInk.LabelSize, FigureInk.Text);
        }
    }

    /// <summary>The colour that a band has on white, as <c>#RRGGBB</c>.</summary>
    private static string Faint(string color)
    {
        SKColor full = SKColor.Parse(color);
        static int Channel(byte value) => (int)Math.Round((value * LinePainter.BandOpacity) + (255 * (1 - LinePainter.BandOpacity)));
        return $"#{Channel(full.Red):X2}{Channel(full.Green):X2}{Channel(full.Blue):X2}";
    }

    private static void DrawLine(SKCanvas canvas, SeriesStyle style, float x, float middle, SKPaint paint)
    {
        if (style.IsJoined)
        {
            foreach ((float from, float to) in style.IsDashed ? new[] { (0f, 8f), (17f, 25f) } : [(0f, 25f)])
            {
                canvas.DrawLine(x + from, middle, x + to, middle, paint);
            }
        }

        using Paint scott = Paint.NewDisposablePaint();
        MarkerPen.Style(style).Render(canvas, new Pixel(x + 12.5f, middle), scott);
    }
}
