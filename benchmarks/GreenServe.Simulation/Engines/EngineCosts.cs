using System.ComponentModel.DataAnnotations;

namespace GreenServe.Simulation.Engines;

/// <summary>
/// Time that an engine adds to the matrix products, attention and all-reduces of a step. It does not depend on the accelerator's clock.
/// </summary>
public sealed record EngineCosts
{
    /// <summary>Time of launches and small kernels in each layer of each step, in seconds, from 0 to 1.</summary>
    [Range(0, 1)]
    public required double LayerSeconds { get; init; }

    /// <summary>Host work of each step, in seconds, from 0 to 10.</summary>
    [Range(0, 10)]
    public required double StepSeconds { get; init; }

    /// <summary>Host work of each sequence in a step, in seconds, from 0 to 1.</summary>
    [Range(0, 1)]
    public required double SequenceSeconds { get; init; }

    /// <summary>
    /// Sampling time on the accelerator for each sampled token and vocabulary entry, in seconds, from 0 to 0.001: the sort of top-p
    /// sampling. Greedy sampling has 0.
    /// </summary>
    /// <value>Default 0.</value>
    [Range(0, 1e-3)]
    public double SamplingSecondsPerEntry { get; init; }

    /// <summary>
    /// Host work of each layer that runs beside the accelerator, such as launching kernels one by one, in seconds, from 0 to 1. It counts
    /// only where it takes longer than the accelerator.
    /// </summary>
    /// <value>Default 0.</value>
    [Range(0, 1)]
    public double OverlappedLayerSeconds { get; init; }

    /// <summary>
    /// Host work, beside the accelerators, of each of the two exchanges of a layer that accelerators share, in seconds, from 0 to 1. It
    /// counts only where all host work takes longer than the accelerators. Engines that record their launches, or exchange within a kernel,
    /// have 0.
    /// </summary>
    /// <value>Default 0.</value>
    [Range(0, 1)]
    public double OverlappedExchangeSeconds { get; init; }

    /// <summary>
    /// Host work of each sequence that runs beside the accelerator, such as preparing the next step during this one, in seconds, from 0 to
    /// 1. It counts only where it takes longer than the accelerator.
    /// </summary>
    /// <value>Default 0.</value>
    [Range(0, 1)]
    public double OverlappedSequenceSeconds { get; init; }

    /// <summary>
    /// Time of attention over one cached token in one layer, in seconds, from 0 to 0.001, where a kernel processes a sequence piece by
    /// piece. A step waits for it whatever the batch, in addition to the time that the bandwidth takes. Kernels that split a sequence over
    /// the accelerator have 0.
    /// </summary>
    /// <value>Default 0.</value>
    [Range(0, 1e-3)]
    public double AttentionTokenSeconds { get; init; }

    /// <summary>Share of the hardware's compute efficiency, in (0, 1], that the engine's kernels reach.</summary>
    /// <value>Default 1.</value>
    [Range(0, 1, MinimumIsExclusive = true)]
    public double ComputeShare { get; init; } = 1;
}
