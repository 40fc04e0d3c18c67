using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace GreenServe.Simulation.Hardware;

/// <summary>Cost of summing activations over a number of accelerators: latency plus bytes over bandwidth.</summary>
public sealed record AllReduceRating
{
    /// <summary>Accelerators that take part.</summary>
    [Description("Accelerators that take part.")]
    [Range(2, 64)]
    public required int Gpus { get; init; }

    /// <summary>Time of an all-reduce of no bytes (s).</summary>
    [Description("Time of an all-reduce of no bytes, in seconds.")]
    [Range(0, 1)]
    public required double LatencySeconds { get; init; }

    /// <summary>Bandwidth each accelerator reaches towards the others (bytes/s).</summary>
    [Description("Bandwidth each accelerator reaches towards the others, in bytes per second.")]
    [Range(0, double.PositiveInfinity, MinimumIsExclusive = true)]
    public required double BytesPerSecond { get; init; }
}
