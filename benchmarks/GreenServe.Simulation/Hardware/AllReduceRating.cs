using System.ComponentModel.DataAnnotations;

namespace GreenServe.Simulation.Hardware;

/// <summary>Cost of summing activations over a number of accelerators: a latency, and bytes divided by a bandwidth.</summary>
public sealed record AllReduceRating
{
    /// <summary>Number of accelerators that take part, from 2 to 64.</summary>
    [Range(2, 64)]
    public required int Gpus { get; init; }

    /// <summary>Time of an all-reduce of no bytes, in seconds, from 0 to 1.</summary>
    [Range(0, 1)]
    public required double LatencySeconds { get; init; }

    /// <summary>Bandwidth that each accelerator reaches towards the others, in bytes per second, above 0.</summary>
    [Range(0, double.PositiveInfinity, MinimumIsExclusive = true)]
    public required double BytesPerSecond { get; init; }
}
