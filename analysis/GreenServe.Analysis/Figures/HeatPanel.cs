namespace GreenServe.Analysis.Figures;

/// <summary>A grid of coloured cells.</summary>
public sealed record HeatPanel : Panel
{
    /// <summary>The cells; places without one stay blank.</summary>
    public required IReadOnlyList<HeatCell> Cells { get; init; }

    /// <summary>What the colour means, with its unit.</summary>
    public required string ColorLabel { get; init; }

    /// <summary>Value of the lightest colour.</summary>
    public required double ColorLow { get; init; }

    /// <summary>Value from which on the darkest colour stands.</summary>
    public required double ColorHigh { get; init; }

    /// <summary>Vertical lines between groups of columns, at these places.</summary>
    public IReadOnlyList<double> Dividers { get; init; } = [];

    /// <summary>Names over groups of columns, with the place of each group's middle.</summary>
    public IReadOnlyList<HeatGroup> Groups { get; init; } = [];
}
