using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace GreenServe.Records.Systems;

/// <summary>The settings under the operator's control. <c>null</c> leaves a knob at the default of the device or the engine.</summary>
public sealed record Knobs
{
    /// <summary>Accelerators that share each layer.</summary>
    [Description("Accelerators that share each layer (tensor parallelism).")]
    [Range(1, 64)]
    public int TensorParallelism { get; init; } = 1;

    /// <summary>Groups of accelerators that each hold a part of the layers; the instance uses this times the tensor parallelism.</summary>
    [Description("Groups of accelerators that each hold a part of the layers (pipeline parallelism).")]
    [Range(1, 64)]
    public int PipelineParallelism { get; init; } = 1;

    /// <summary>Locked accelerator clock (MHz); <c>null</c> is the highest the power cap allows.</summary>
    [Description("Locked accelerator clock in MHz; absent means the highest.")]
    [Range(1, 10000)]
    public double? GpuClockMegahertz { get; init; }

    /// <summary>Power cap of each accelerator (W); <c>null</c> is the device's own limit.</summary>
    [Description("Power cap of each accelerator in watts; absent means the device's own limit.")]
    [Range(1, 10000)]
    public double? PowerCapWatts { get; init; }

    /// <summary>Most sequences that run at once (vLLM: max_num_seqs).</summary>
    [Description("Most sequences that run at once (vLLM: max_num_seqs); absent means the engine's default.")]
    [Range(1, 65536)]
    public int? MaxBatch { get; init; }

    /// <summary>Most tokens processed in one step, the chunk size of prefills (vLLM: max_num_batched_tokens).</summary>
    [Description("Most tokens processed in one step, the chunk size of prefills (vLLM: max_num_batched_tokens).")]
    [Range(1, 1048576)]
    public int? StepTokens { get; init; }

    /// <summary>Number format of weights and matrix products.</summary>
    [Description("Number format of weights and matrix products.")]
    public Precision Precision { get; init; } = Precision.Bf16;
}
