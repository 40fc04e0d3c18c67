using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace GreenServe.Records.Systems;

/// <summary>The hardware and engine that serve.</summary>
public sealed record ServingSystem
{
    /// <summary>The largest number of accelerators in one system.</summary>
    public const int MaxGpuCount = 64;

    /// <summary>Name of the accelerator, as its file or its driver calls it.</summary>
    [Description("Name of the accelerator, for example H100-80GB-SXM.")]
    public required string Gpu { get; init; }

    /// <summary>Accelerators in the server.</summary>
    [Description("Accelerators in the server.")]
    [Range(1, MaxGpuCount)]
    public int GpuCount { get; init; } = 8;

    /// <summary>The engine and its generation, for example <c>vllm-2025</c>.</summary>
    [Description("Engine profile, for example vllm-2025.")]
    public required string Engine { get; init; }
}
