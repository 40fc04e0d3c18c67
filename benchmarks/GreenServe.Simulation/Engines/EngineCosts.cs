using System.ComponentModel.DataAnnotations;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Simulation.Engines;

/// <summary>
/// Time that an engine adds to the matrix products, attention and all-reduces of a step. It does not depend on the accelerator's clock.
/// </summary>
public sealed record EngineCosts : IChecked
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
    /// Host work that a step with prompt tokens has in addition, in seconds, from 0 to 10: preparing the inputs of prompts, and launches
    /// that no recording replaces. The accelerators wait for it, and it is charged to prompts.
    /// </summary>
    /// <value>Default 0.</value>
    [Range(0, 10)]
    public double PromptStepSeconds { get; init; }

    /// <summary>
    /// Host work that each step has in addition under tensor parallelism, in seconds, from 0 to 10, whatever the degree: handing the step's
    /// inputs to the processes of the other accelerators. The accelerators wait for it.
    /// </summary>
    /// <value>Default 0.</value>
    [Range(0, 10)]
    public double TensorParallelStepSeconds { get; init; }

    /// <summary>
    /// Host work of each sequence in a step for each accelerator beyond the first that shares the layers, in seconds, from 0 to 1. The
    /// accelerators wait for it.
    /// </summary>
    /// <value>Default 0.</value>
    [Range(0, 1)]
    public double TensorParallelSequenceSeconds { get; init; }

    /// <summary>
    /// Whether one host process works for all pipeline stages, so that a step waits for its host work once for each stage. Otherwise every
    /// stage has a process of its own, and these work side by side.
    /// </summary>
    /// <value>Default <c>false</c>.</value>
    public bool StagesShareHost { get; init; }

    /// <summary>
    /// Largest number of sequences, from 1 to 65536, in a step whose launches were recorded beforehand (CUDA graphs); <c>null</c> for any
    /// number. A step with more sequences takes <see cref="UnrecordedLayerSeconds"/> for each layer.
    /// </summary>
    /// <value>Default <c>null</c>.</value>
    [Range(1, 65536)]
    public int? RecordedSequences { get; init; }

    /// <summary>
    /// Time of launches and small kernels in each layer of a step with more than <see cref="RecordedSequences"/> sequences, in seconds,
    /// from 0 to 1. It takes the place of <see cref="LayerSeconds"/>.
    /// </summary>
    /// <value>Default <c>null</c>: not used.</value>
    [Range(0, 1)]
    public double? UnrecordedLayerSeconds { get; init; }

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

    /// <summary>
    /// Whether the host works on the next step while the accelerators work on this one, so that host work of steps, prompts and sequences
    /// counts only where it takes longer than the accelerators.
    /// </summary>
    /// <value>Default <c>false</c>.</value>
    public bool OverlapsHost { get; init; }

    /// <summary>Share of the hardware's compute efficiency, in (0, 1], that the engine's kernels reach.</summary>
    /// <value>Default 1.</value>
    [Range(0, 1, MinimumIsExclusive = true)]
    public double ComputeShare { get; init; } = 1;

    /// <summary>
    /// Latency of the engine's all-reduce relative to the accelerator's rating, from 0 to 10. An all-reduce that is fused with the norm
    /// after it has less than 1.
    /// </summary>
    /// <value>Default 1.</value>
    [Range(0, 10)]
    public double AllReduceLatencyRatio { get; init; } = 1;

    /// <summary>Cost of mixtures of experts beyond that of a dense model with the same products.</summary>
    /// <value>Default: none.</value>
    public ExpertCosts Experts { get; init; } = new();

    /// <inheritdoc />
    public IEnumerable<Problem> Check()
    {
        if (RecordedSequences is null != UnrecordedLayerSeconds is null)
        {
            string set = RecordedSequences is null ? "unrecorded_layer_seconds" : "recorded_sequences";
            string other = RecordedSequences is null ? "recorded_sequences" : "unrecorded_layer_seconds";
            yield return new Problem($"$.{other}", null, $"a value, because {set} has one: neither means anything alone");
        }
    }
}
