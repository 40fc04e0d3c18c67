namespace GreenServe.Analysis.Figures;

/// <summary>An axis of a panel.</summary>
public sealed record FigureAxis
{
    /// <summary>Name with unit, for example <c>TTFT (ms)</c>.</summary>
    public required string Label { get; init; }

    /// <summary>How values map to places.</summary>
    public AxisScale Scale { get; init; }

    /// <summary>Names of the places 0, 1, 2 .. of a category axis.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Values that must have a tick, for example those of a grid; empty leaves it to the scale.</summary>
    public IReadOnlyList<double> Ticks { get; init; } = [];

    /// <summary>Whether a linear axis begins at 0, so that heights can be compared.</summary>
    public bool FromZero { get; init; }
}
