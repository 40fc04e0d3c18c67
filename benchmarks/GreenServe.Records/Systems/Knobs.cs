using System.ComponentModel.DataAnnotations;

namespace GreenServe.Records.Systems;

/// <summary>
/// The settings under the operator's control. A knob that is <c>null</c> has the default of the device or the engine. In the record of a
/// foreign server it means that nobody stated the knob and the server did not tell it.
/// </summary>
public sealed record Knobs
{
    /// <summary>Accelerators that share each layer (tensor parallelism); <c>null</c> means 1 in a simulation.</summary>
    /// <value>From 1 to 64.</value>
    [Range(1, 64)]
    public int? TensorParallelism { get; init; }

    /// <summary>
    /// Groups of accelerators that each hold a part of the layers (pipeline parallelism). An instance uses pipeline parallelism
    /// times tensor parallelism accelerators. <c>null</c> means 1 in a simulation.
    /// </summary>
    /// <value>From 1 to 64.</value>
    [Range(1, 64)]
    public int? PipelineParallelism { get; init; }

    /// <summary>Locked accelerator clock in MHz; <c>null</c> means the highest that the power cap allows.</summary>
    /// <value>From 1 to 10000.</value>
    [Range(1, 10000)]
    public double? GpuClockMegahertz { get; init; }

    /// <summary>Power cap of each accelerator in watts; <c>null</c> means the device's own limit.</summary>
    /// <value>From 1 to 10000.</value>
    [Range(1, 10000)]
    public double? PowerCapWatts { get; init; }

    /// <summary>Highest number of sequences that run at once (vLLM: max_num_seqs); <c>null</c> means the engine's default.</summary>
    /// <value>From 1 to 65536.</value>
    [Range(1, 65536)]
    public int? MaxBatch { get; init; }

    /// <summary>
    /// Highest number of tokens processed in one step, the chunk size of prefills (vLLM: max_num_batched_tokens); <c>null</c> means the
    /// engine's default.
    /// </summary>
    /// <value>From 1 to 1048576.</value>
    [Range(1, 1048576)]
    public int? StepTokens { get; init; }

    /// <summary>
    /// Number format of weights and matrix products; <c>null</c> means <see cref="Precision.Bf16"/> in a simulation.
    /// </summary>
    public Precision? Precision { get; init; }
}
