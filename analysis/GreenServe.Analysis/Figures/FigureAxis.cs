using System.Text.Json.Serialization;

namespace GreenServe.Analysis.Figures;

/// <summary>An axis of a panel.</summary>
public sealed record FigureAxis
{
    /// <summary>Name of the axis with its unit, for example <c>TTFT (ms)</c>.</summary>
    public required string Label { get; init; }

    /// <summary>How the axis maps values to places.</summary>
    /// <value>Linear.</value>
    public AxisScale Scale { get; init; }

    /// <summary>Names of the places of a category axis, which are numbered from 0; empty for other axes.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>
    /// Whether long names of a category axis are broken at their hyphens and spaces, so that more of them fit beside each other.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool BreaksNames { get; init; }

    /// <summary>Values that must have a tick, for example those of a grid. If it is empty, the scale chooses the ticks.</summary>
    public IReadOnlyList<double> Ticks { get; init; } = [];

    /// <summary>Whether a linear axis begins at 0, so that heights can be compared.</summary>
    public bool FromZero { get; init; }

    /// <summary>A value down to which the axis reaches at least; <c>null</c> for what its points need.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Low { get; init; }

    /// <summary>A value up to which the axis reaches at least; <c>null</c> for what its points need.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? High { get; init; }
}

/// <summary>How an axis maps values to places.</summary>
public enum AxisScale
{
    /// <summary>Equal differences have equal distances.</summary>
    Linear,

    /// <summary>Equal ratios have equal distances, with ticks at powers of two: for lengths, batches and numbers of accelerators.</summary>
    Log2,

    /// <summary>Equal ratios have equal distances, with ticks at round multiples of powers of ten.</summary>
    Log10,

    /// <summary>Each name has a place of its own, in the order given.</summary>
    Category,
}
