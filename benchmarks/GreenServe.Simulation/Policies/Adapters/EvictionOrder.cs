using System.ComponentModel.DataAnnotations;

namespace GreenServe.Simulation.Policies.Adapters;

/// <summary>
/// Which adapter that no request uses is evicted first: the one with the lowest weighted sum of its frequency, recency and size, each over
/// the largest.
/// </summary>
public sealed record EvictionOrder
{
    /// <summary>Weight of how often the adapter was asked for, from 0 to 1.</summary>
    /// <value>Default 0.</value>
    [Range(0, 1)]
    public double FrequencyWeight { get; init; }

    /// <summary>Weight of when the adapter was last asked for, from 0 to 1.</summary>
    /// <value>Default 1. With the other weights 0, the least recently used adapter is evicted.</value>
    [Range(0, 1)]
    public double RecencyWeight { get; init; } = 1;

    /// <summary>Weight of the size of the adapter, from 0 to 1. A large one takes long to load again.</summary>
    /// <value>Default 0.</value>
    [Range(0, 1)]
    public double SizeWeight { get; init; }

    /// <summary>Whether an adapter is evicted as soon as no request uses it.</summary>
    /// <value>Default <c>false</c>.</value>
    public bool KeepsNothing { get; init; }
}
