using System.Text.Json.Serialization;

namespace GreenServe.Analysis.Figures;

/// <summary>A panel with a grid of coloured cells.</summary>
internal sealed record HeatPanel : Panel
{
    /// <summary>The cells. Places without a cell stay blank.</summary>
    public required IReadOnlyList<HeatCell> Cells { get; init; }

    /// <summary>Meaning of the colour, with its unit.</summary>
    public required string ColorLabel { get; init; }

    /// <summary>Value of the lightest colour.</summary>
    public required double ColorLow { get; init; }

    /// <summary>Value of the darkest colour, which larger values have too.</summary>
    public required double ColorHigh { get; init; }

    /// <summary>Places of the vertical lines between groups of columns.</summary>
    public IReadOnlyList<double> Dividers { get; init; } = [];

    /// <summary>Names over groups of columns.</summary>
    public IReadOnlyList<HeatGroup> Groups { get; init; } = [];

    /// <summary>What the mark of a cell says, for the legend.</summary>
    /// <value>The default is <c>least energy</c>.</value>
    public string MarkLabel { get; init; } = "least energy";

    /// <summary>What a cross in a cell says, for the legend.</summary>
    /// <value>The default is <c>breaks the SLO</c>.</value>
    public string CrossLabel { get; init; } = "breaks the SLO";

    /// <inheritdoc />
    internal override bool IsEmpty => Cells.Count == 0;
}

/// <summary>A cell of a heat map.</summary>
/// <param name="Column">Place on the horizontal axis, from 0.</param>
/// <param name="Row">Place on the vertical axis, from 0.</param>
/// <param name="Value">Value of the cell; <c>null</c> for a setting that was tried and is infeasible, which is crossed.</param>
/// <param name="Text">The exact reading, for hover and for the text alternative.</param>
/// <param name="IsMarked">Whether the cell is the best of those that it is compared with.</param>
/// <param name="Label">A short number that is written into the cell where it has room; <c>null</c> for none.</param>
internal sealed record HeatCell(
    int Column,
    int Row,
    double? Value,
    string Text,
    bool IsMarked = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Label = null);

/// <summary>A name over neighbouring columns of a heat map.</summary>
/// <param name="X">Place of the middle of the columns.</param>
/// <param name="Name">The name.</param>
internal sealed record HeatGroup(double X, string Name);
