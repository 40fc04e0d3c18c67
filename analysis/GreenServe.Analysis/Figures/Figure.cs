namespace GreenServe.Analysis.Figures;

/// <summary>A figure as data. It is drawn as PNG and as SVG, and as an interactive chart in the report.</summary>
public sealed record Figure
{
    /// <summary>Title of the figure: what it shows.</summary>
    public required string Title { get; init; }

    /// <summary>Evidence kind, hardware, model and engine, printed under the title so that no copy of the image loses them.</summary>
    public required string Subtitle { get; init; }

    /// <summary>Meaning of the error bars and marks, printed under the panels; empty for a figure without a note.</summary>
    public string Note { get; init; } = "";

    /// <summary>The panels, row by row.</summary>
    public required IReadOnlyList<Panel> Panels { get; init; }

    /// <summary>Number of panels in a row.</summary>
    /// <value>2.</value>
    public int Columns { get; init; } = 2;

    /// <summary>Height of a row of panels (px of the layout, at a figure width of 800).</summary>
    /// <value>240.</value>
    public int PanelHeight { get; init; } = 240;

    /// <summary>Axes, series and trends in sentences, for a reader who cannot see the figure.</summary>
    public string TextAlternative { get; init; } = "";
}
