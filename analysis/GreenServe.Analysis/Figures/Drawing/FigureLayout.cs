using SkiaSharp;

namespace GreenServe.Analysis.Figures.Drawing;

/// <summary>Where everything of a figure lies.</summary>
internal sealed record FigureLayout
{
    internal const float TitleLine = 21;

    internal required int Height { get; init; }

    internal required IReadOnlyList<string> TitleLines { get; init; }

    internal required IReadOnlyList<string> SubtitleLines { get; init; }

    internal required float SubtitleTop { get; init; }

    internal required LegendStrip Legend { get; init; }

    internal required float LegendTop { get; init; }

    internal required IReadOnlyList<SKRect> Panels { get; init; }

    internal required float ColorScaleTop { get; init; }

    internal required IReadOnlyList<string> NoteLines { get; init; }

    internal required float NoteTop { get; init; }

    internal static FigureLayout Of(Figure figure, int figureWidth)
    {
        float textWidth = figureWidth - (2 * FigureInk.Margin);
        IReadOnlyList<string> title = TextPen.Wrap(figure.Title, textWidth / 1.08f, FigureInk.TitleSize);
        float titleHeight = (title.Count - 1) * TitleLine;
        IReadOnlyList<string> subtitle = TextPen.Wrap(figure.Subtitle, textWidth, FigureInk.SubtitleSize);
        LegendStrip legend = LegendStrip.Of(figure, textWidth);
        IReadOnlyList<string> note = TextPen.Wrap(figure.Note, textWidth, FigureInk.TickSize);
        float legendTop = 38 + titleHeight + (subtitle.Count * 16);
        float panelsTop = legendTop + legend.Height + 6;
        int columns = Math.Max(1, Math.Min(figure.Columns, figure.Panels.Count));
        int rows = (figure.Panels.Count + columns - 1) / columns;
        float width = (float)figureWidth / columns;
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
            TitleLines = title,
            SubtitleLines = subtitle,
            SubtitleTop = 45 + titleHeight,
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
