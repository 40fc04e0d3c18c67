using SkiaSharp;

namespace GreenServe.Analysis.Figures;

/// <summary>Where everything of a figure lies, at a width of 800 px.</summary>
internal sealed record FigureLayout
{
    private const float TextWidth = FigureRenderer.Width - (2 * FigureInk.Margin);

    internal required int Height { get; init; }

    internal required IReadOnlyList<string> SubtitleLines { get; init; }

    internal required LegendStrip Legend { get; init; }

    internal required float LegendTop { get; init; }

    internal required IReadOnlyList<SKRect> Panels { get; init; }

    internal required float ColorScaleTop { get; init; }

    internal required IReadOnlyList<string> NoteLines { get; init; }

    internal required float NoteTop { get; init; }

    internal static FigureLayout Of(Figure figure)
    {
        IReadOnlyList<string> subtitle = TextPen.Wrap(figure.Subtitle, TextWidth, FigureInk.SubtitleSize);
        LegendStrip legend = LegendStrip.Of(figure, TextWidth);
        IReadOnlyList<string> note = TextPen.Wrap(figure.Note, TextWidth, FigureInk.TickSize);
        float legendTop = 38 + (subtitle.Count * 16);
        float panelsTop = legendTop + legend.Height + 6;
        int columns = Math.Max(1, Math.Min(figure.Columns, figure.Panels.Count));
        int rows = (figure.Panels.Count + columns - 1) / columns;
        float width = (float)FigureRenderer.Width / columns;
        SKRect[] panels = [.. figure.Panels.Select((_, index) =>
        {
            float left = index % columns * width;
            float top = panelsTop + (index / columns * figure.PanelHeight);
            return new SKRect(left, top, left + width, top + figure.PanelHeight);
        })];
        float bottom = panelsTop + (rows * figure.PanelHeight);
        float scale = figure.Panels.Any(panel => panel is HeatPanel) ? 44 : 0;
        return new FigureLayout
        {
            SubtitleLines = subtitle,
            Legend = legend,
            LegendTop = legendTop,
            Panels = panels,
            ColorScaleTop = bottom + 4,
            NoteLines = note,
            NoteTop = bottom + scale + 16,
            Height = (int)Math.Ceiling(bottom + scale + (note.Count * 15) + 14),
        };
    }
}
