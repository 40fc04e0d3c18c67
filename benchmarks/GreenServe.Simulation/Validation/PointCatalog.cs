using GreenServe.Records.Systems;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;
using GreenServe.Workloads.Models;

namespace GreenServe.Simulation.Validation;

/// <summary>Finds the definitions that a measured point refers to. Definitions can be replaced, to try other constants.</summary>
internal sealed class PointCatalog
{
    /// <summary>
    /// Beginnings of the names of stacks, each with the engine profile that stands for it. The first that matches counts.
    /// </summary>
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

    /// <summary>Replaces an accelerator of the catalog.</summary>
    internal Func<GpuDefinition, GpuDefinition> Adjust { get; init; } = gpu => gpu;

    /// <summary>Replaces an engine profile of the catalog.</summary>
    internal Func<EngineProfile, EngineProfile> AdjustEngine { get; init; } = engine => engine;

    /// <summary>The engine profile of every point, whatever its stack; <c>null</c> where the stack of a point decides.</summary>
    internal EngineProfile? AnyStack { get; init; }

    /// <summary>The accelerator of a point; <c>null</c> if it is not known.</summary>
    internal GpuDefinition? Gpu(MeasuredPoint point) => GpuCatalog.TryFind(point.Gpu) is { } gpu ? Adjust(gpu) : null;

    /// <summary>The engine profile of a point; <c>null</c> if there is none for its stack.</summary>
    internal EngineProfile? Engine(MeasuredPoint point)
    {
        if (AnyStack is { } profile)
        {
            return AdjustEngine(profile);
        }

        string? name = Stacks.FirstOrDefault(entry => point.Stack?.StartsWith(entry.Stack, StringComparison.Ordinal) ?? false).Engine;
        return name is null ? null : AdjustEngine(EngineCatalog.Find(name));
    }

    /// <summary>The model of a point; <c>null</c> if it is not known. Text that a source adds in brackets is ignored.</summary>
    internal static ModelDefinition? Model(MeasuredPoint point)
    {
        int bracket = point.Model.IndexOf(" (", StringComparison.Ordinal);
        return ModelCatalog.Find(bracket < 0 ? point.Model : point.Model[..bracket]);
    }

    /// <summary>The number format of a point; <c>null</c> if it is not modelled.</summary>
    internal static Precision? PrecisionOf(MeasuredPoint point) => point.Precision switch
    {
        null or "bf16" or "fp16" => Precision.Bf16,
        "fp8" => Precision.Fp8,
        "fp4" or "nvfp4" or "mxfp4" => Precision.Fp4,
        _ => null,
    };

    /// <summary>The reason why a point cannot be simulated; <c>null</c> if all that it names is known.</summary>
    internal string? SkipReason(MeasuredPoint point) =>
        Gpu(point) is null ? $"unknown GPU '{point.Gpu}'"
        : Model(point) is null ? $"unknown model '{point.Model}'"
        : PrecisionOf(point) is null ? $"precision '{point.Precision}' is not modelled"
        : Engine(point) is null ? $"no profile for the stack '{point.Stack}'"
        : null;
}
