namespace GreenServe.Analysis.Figures;

/// <summary>Bars from zero, grouped at the places of a category axis.</summary>
public sealed record BarPanel : Panel
{
    /// <summary>The groups' members: the x of a point is the place of its category.</summary>
    public required IReadOnlyList<Series> Series { get; init; }
}
