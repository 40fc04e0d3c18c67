using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace GreenServe.Records.Slos;

/// <summary>The system on which a request served alone is the unit of slowdown limits.</summary>
public sealed record IsolatedReference
{
    /// <summary>Accelerator, for example <c>A100-80GB-SXM</c>.</summary>
    [Description("Accelerator of the reference system.")]
    public required string Gpu { get; init; }

    /// <summary>Engine profile, for example <c>vllm-2023</c>.</summary>
    [Description("Engine profile of the reference system.")]
    public required string Engine { get; init; }

    /// <summary>Accelerators that share each layer.</summary>
    [Description("Tensor parallelism of the reference system.")]
    [Range(1, 64)]
    public required int TensorParallelism { get; init; }
}
