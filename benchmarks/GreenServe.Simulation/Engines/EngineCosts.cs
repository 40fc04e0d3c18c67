using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace GreenServe.Simulation.Engines;

/// <summary>What an engine adds to a step's matrix products, attention and all-reduce. None of it follows the accelerator's clock.</summary>
public sealed record EngineCosts
{
    /// <summary>Launches and small kernels, each layer of each step (s).</summary>
    [Description("Launches and small kernels, each layer of each step, in seconds.")]
    [Range(0, 1)]
    public required double LayerSeconds { get; init; }

    /// <summary>Host work of each step (s).</summary>
    [Description("Host work of each step, in seconds.")]
    [Range(0, 10)]
    public required double StepSeconds { get; init; }

    /// <summary>Host work of each sequence in a step (s).</summary>
    [Description("Host work of each sequence in a step, in seconds.")]
    [Range(0, 1)]
    public required double SequenceSeconds { get; init; }

    /// <summary>Sampling on the accelerator, each sampled token and vocabulary entry (s): the sort of top-p; 0 for greedy.</summary>
    [Description("Sampling on the accelerator, each sampled token and vocabulary entry, in seconds; 0 for greedy.")]
    [Range(0, 1e-3)]
    public double SamplingSecondsPerEntry { get; init; }

    /// <summary>Host work of each layer that runs beside the accelerator, such as launching kernels one by one (s): it counts only where it is the longer.</summary>
    [Description("Host work of each layer that runs beside the accelerator, in seconds; it counts only where it is the longer.")]
    [Range(0, 1)]
    public double OverlappedLayerSeconds { get; init; }

    /// <summary>
    /// Host work of each exchange between accelerators that share a layer, two a layer, beside them (s): it counts only where all host work
    /// is the longer. 0 for engines that record their launches or exchange within a kernel.
    /// </summary>
    [Description("Host work of each exchange between accelerators that share a layer, beside them, in seconds; it counts only where host work is the longer.")]
    [Range(0, 1)]
    public double OverlappedExchangeSeconds { get; init; }

    /// <summary>Host work of each sequence that runs beside the accelerator (s), such as preparing the next step during this one.</summary>
    [Description("Host work of each sequence that runs beside the accelerator, in seconds; it counts only where it is the longer.")]
    [Range(0, 1)]
    public double OverlappedSequenceSeconds { get; init; }

    /// <summary>
    /// Time of attention over one cached token in one layer (s) where a kernel goes through a sequence piece by piece: a step waits for it
    /// whatever the batch, on top of the bandwidth. 0 for kernels that split a sequence over the accelerator.
    /// </summary>
    [Description("Time of attention over one cached token in one layer, in seconds, where a kernel goes through a sequence piece by piece; 0 for kernels that split it.")]
    [Range(0, 1e-3)]
    public double AttentionTokenSeconds { get; init; }

    /// <summary>Share of the hardware's compute efficiency that this engine's kernels reach (0, 1].</summary>
    [Description("Share of the hardware's compute efficiency that this engine's kernels reach.")]
    [Range(0, 1, MinimumIsExclusive = true)]
    public double ComputeShare { get; init; } = 1;
}
