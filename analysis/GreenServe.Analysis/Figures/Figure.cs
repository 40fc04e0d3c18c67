namespace GreenServe.Analysis.Figures;

/// <summary>A figure as data: drawn as PNG and SVG, and as an interactive chart in the report.</summary>
public sealed record Figure
{
    /// <summary>What it shows, as a title.</summary>
    public required string Title { get; init; }

    /// <summary>Evidence kind, hardware, model, engine: printed under the title, so that no copy of the image loses it.</summary>
    public required string Subtitle { get; init; }

    /// <summary>What the error bars and marks mean; printed under the panels.</summary>
    public string Note { get; init; } = "";

    /// <summary>The panels, row by row.</summary>
    public required IReadOnlyList<Panel> Panels { get; init; }

    /// <summary>Panels a row.</summary>
    public int Columns { get; init; } = 2;

    /// <summary>Height of a row of panels in pixels at a width of 800.</summary>
    public int PanelHeight { get; init; } = 240;

    /// <summary>What a reader who cannot see it should know: axes, series and the trend, in sentences.</summary>
    public string TextAlternative { get; init; } = "";
}
