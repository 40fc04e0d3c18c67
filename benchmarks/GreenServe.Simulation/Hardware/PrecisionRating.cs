using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace GreenServe.Simulation.Hardware;

/// <summary>How fast an accelerator multiplies matrices of one number format.</summary>
public sealed record PrecisionRating
{
    /// <summary>Peak of the tensor units at the highest clock (dense FLOP/s).</summary>
    [Description("Peak of the tensor units at the highest clock, dense, in FLOP/s.")]
    [Range(0, double.PositiveInfinity, MinimumIsExclusive = true)]
    public required double PeakFlopsPerSecond { get; init; }

    /// <summary>Share of the peak that large products reach while no power cap binds (0, 1].</summary>
    [Description("Share of the peak that large products reach while no power cap binds.")]
    [Range(0, 1, MinimumIsExclusive = true)]
    public required double ComputeEfficiency { get; init; }

    /// <summary>Share of the memory bandwidth that products of few rows reach (0, 1].</summary>
    [Description("Share of the memory bandwidth that products of few rows reach.")]
    [Range(0, 1, MinimumIsExclusive = true)]
    public required double MemoryEfficiency { get; init; }

    /// <summary>Time of a product of no size (s): ramp-up and wind-down of its kernel, quantisation of activations included.</summary>
    [Description("Time of a matrix product of no size, in seconds.")]
    [Range(0, 1e-3)]
    public required double ProductSeconds { get; init; }
}
