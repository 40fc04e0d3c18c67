namespace GreenServe.Analysis.Figures;

/// <summary>Bars at the places of a category axis: side by side from zero, or on each other.</summary>
public sealed record BarPanel : Panel
{
    /// <summary>The groups' members: the x of a point is the place of its category.</summary>
    public required IReadOnlyList<Series> Series { get; init; }

    /// <summary>Whether the bars of a place stand on each other: then each point says where it begins.</summary>
    public bool IsStacked { get; init; }

    /// <summary>Whether every bar carries its value.</summary>
    public bool HasValues { get; init; } = true;
}
