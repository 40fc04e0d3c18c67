using System.Text.Json.Serialization;

namespace GreenServe.Analysis.Figures;

/// <summary>One coordinate system of a figure.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(LinePanel), "lines")]
[JsonDerivedType(typeof(BarPanel), "bars")]
[JsonDerivedType(typeof(HeatPanel), "heat")]
public abstract record Panel
{
    /// <summary>Title of the panel: what it shows.</summary>
    public required string Title { get; init; }

    /// <summary>The horizontal axis of the panel.</summary>
    public required FigureAxis X { get; init; }

    /// <summary>The vertical axis of the panel.</summary>
    public required FigureAxis Y { get; init; }

    /// <summary>Whether the panel has nothing to show.</summary>
    internal abstract bool IsEmpty { get; }
}
