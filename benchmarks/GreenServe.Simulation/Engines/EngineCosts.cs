using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace GreenServe.Simulation.Engines;

/// <summary>Time a step takes besides its matrix products, attention and all-reduce. None of it follows the accelerator's clock.</summary>
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
}
