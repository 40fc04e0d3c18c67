using System.ComponentModel.DataAnnotations;

namespace GreenServe.Simulation.Hardware;

/// <summary>Speed at which an accelerator multiplies matrices of one number format.</summary>
public sealed record PrecisionRating
{
    /// <summary>Dense peak of the tensor units at the highest clock, in FLOP per second, above 0.</summary>
    [Range(0, double.PositiveInfinity, MinimumIsExclusive = true)]
    public required double PeakFlopsPerSecond { get; init; }

    /// <summary>Share of the peak, in (0, 1], that large products reach while no power cap binds.</summary>
    [Range(0, 1, MinimumIsExclusive = true)]
    public required double ComputeEfficiency { get; init; }

    /// <summary>Share of the memory bandwidth, in (0, 1], that products of few rows reach.</summary>
    [Range(0, 1, MinimumIsExclusive = true)]
    public required double MemoryEfficiency { get; init; }

    /// <summary>
    /// Time of a matrix product of no size, in seconds, from 0 to 0.001: the ramps of its kernel, and the quantisation of activations.
    /// </summary>
    [Range(0, 1e-3)]
    public required double ProductSeconds { get; init; }

    /// <summary>
    /// Power of the tensor units at the full rate of this format, relative to their power at the full rate of 16-bit products, from 0 to
    /// 10.
    /// </summary>
    /// <value>Default 1.</value>
    [Range(0, 10)]
    public double ComputePowerRatio { get; init; } = 1;
}
