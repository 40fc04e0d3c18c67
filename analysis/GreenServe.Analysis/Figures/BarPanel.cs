namespace GreenServe.Analysis.Figures;

/// <summary>A panel with bars at the places of a category axis, side by side from zero or on top of each other.</summary>
internal sealed record BarPanel : Panel
{
    /// <summary>The series in drawing order. The x of a point is the place of its category.</summary>
    public required IReadOnlyList<Series> Series { get; init; }

    /// <summary>Whether the bars of a place stand on each other; then the base of each point says where its bar begins.</summary>
    public bool IsStacked { get; init; }

    /// <summary>Whether every bar carries its value as text.</summary>
    /// <value><c>true</c>.</value>
    public bool HasValues { get; init; } = true;

    /// <summary>Whether every bar has the height 0: a sentence says so better than bars do.</summary>
    internal bool IsZero => !IsEmpty && Series.All(series => series.Points.All(point => point.Y == 0 && point.Base == 0));

    /// <inheritdoc />
    internal override bool IsEmpty => Series.All(series => series.Points.Count == 0);
}
