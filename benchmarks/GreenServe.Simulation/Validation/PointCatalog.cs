using GreenServe.Records.Systems;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;
using GreenServe.Workloads.Models;

namespace GreenServe.Simulation.Validation;

/// <summary>Which of our definitions a measured point means. Definitions can be replaced, to try constants.</summary>
internal sealed class PointCatalog
{
    /// <summary>Beginnings of the names of stacks, and the engine profile that stands for them.</summary>
    private static readonly (string Stack, string Engine)[] Stacks =
    [
        ("vLLM 2023", "vllm-2023"),
        ("vLLM 2024", "vllm-2024"),
        ("vLLM 2025", "vllm-2025"),
        ("vLLM 2026", "vllm-2026-fp8"),
        ("vllm", "vllm-2026-fp8"),
        ("trtllm", "trtllm-1"),
        ("TensorRT-LLM", "trtllm-1"),
    ];

    /// <summary>Accelerators instead of the catalogue's.</summary>
    internal Func<GpuDefinition, GpuDefinition> Adjust { get; init; } = gpu => gpu;

    /// <summary>Profiles instead of the catalogue's.</summary>
    internal Func<EngineProfile, EngineProfile> AdjustEngine { get; init; } = engine => engine;

    internal GpuDefinition? Gpu(MeasuredPoint point) => GpuCatalog.TryFind(point.Gpu) is { } gpu ? Adjust(gpu) : null;

    internal EngineProfile? Engine(MeasuredPoint point)
    {
        string? name = Stacks.FirstOrDefault(entry => point.Stack.StartsWith(entry.Stack, StringComparison.Ordinal)).Engine;
        return name is null ? null : AdjustEngine(EngineCatalog.Find(name));
    }

    /// <summary>The model; what a source adds in brackets is left out.</summary>
    internal static ModelDefinition? Model(MeasuredPoint point)
    {
        int bracket = point.Model.IndexOf(" (", StringComparison.Ordinal);
        return ModelCatalog.Find(bracket < 0 ? point.Model : point.Model[..bracket]);
    }

    internal static Precision? PrecisionOf(MeasuredPoint point) => point.Precision switch
    {
        "" or "bf16" or "fp16" => Precision.Bf16,
        "fp8" => Precision.Fp8,
        _ => null,
    };

    /// <summary>Why a point cannot be simulated; <c>null</c> if all it names is known.</summary>
    internal string? Refusal(MeasuredPoint point) =>
        Gpu(point) is null ? $"unknown GPU '{point.Gpu}'"
        : Model(point) is null ? $"unknown model '{point.Model}'"
        : PrecisionOf(point) is null ? $"precision '{point.Precision}' is not modelled"
        : Engine(point) is null ? $"no profile for the stack '{point.Stack}'"
        : null;
}
