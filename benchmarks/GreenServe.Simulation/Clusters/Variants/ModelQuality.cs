using System.ComponentModel.DataAnnotations;

namespace GreenServe.Simulation.Clusters.Variants;

/// <summary>How good the answers of a model are, by a measure that its source names.</summary>
public sealed record ModelQuality
{
    /// <summary>The quality, a ratio from 0 to 1, for example a mean accuracy over benchmarks.</summary>
    /// <value>From 0 to 1. Only values of one measure can be compared.</value>
    [Range(0, 1)]
    public required double Ratio { get; init; }

    /// <summary>The measure and where the number comes from.</summary>
    public required string Source { get; init; }
}
