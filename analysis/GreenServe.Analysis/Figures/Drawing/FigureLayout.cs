using SkiaSharp;

namespace GreenServe.Analysis.Figures.Drawing;

/// <summary>Positions of the parts of a figure. All lengths are pixels of the layout.</summary>
internal sealed record FigureLayout
{
    /// <summary>Distance between lines of the title.</summary>
    internal const float TitleLine = 21;

    /// <summary>Distance between lines of the subtitle.</summary>
    internal const float SubtitleLine = 16;

    /// <summary>Distance between lines of the note.</summary>
    internal const float NoteLine = 15;

    // The bold face of the title is this much wider than the regular face, by which lines are broken.
    private const float BoldWidth = 1.08f;

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

    /// <summary>Lays out a figure.</summary>
    /// <param name="figure">The figure.</param>
    /// <param name="figureWidth">Width of the whole figure (px).</param>
    internal static FigureLayout Of(Figure figure, int figureWidth)
    {
        float textWidth = figureWidth - (2 * FigureInk.Margin);
        IReadOnlyList<string> title = TextPen.Wrap(figure.Title, textWidth / BoldWidth, FigureInk.TitleSize);
        float titleHeight = (title.Count - 1) * TitleLine;
        IReadOnlyList<string> subtitle = TextPen.Wrap(figure.Subtitle, textWidth, FigureInk.SubtitleSize);
        LegendStrip legend = LegendStrip.Of(figure, textWidth);
        IReadOnlyList<string> note = TextPen.Wrap(figure.Note, textWidth, FigureInk.TickSize);
        float legendTop = 38 + titleHeight + (subtitle.Count * SubtitleLine);
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
        float scale = figure.Panels.OfType<HeatPanel>().FirstOrDefault() is { } heat ? ColorScale.Height(heat, textWidth) : 0;
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
            Height = (int)Math.Ceiling(bottom + scale + (note.Count * NoteLine) + 14),
        };
    }
}
