namespace GreenServe.Search.Advising.Spaces;

/// <summary>Names of the knobs that a search varies, as they are written on the command line and in files.</summary>
public static class KnobNames
{
    internal const string Model = "model";
    internal const string Gpu = "gpu";
    internal const string Precision = "precision";
    internal const string TensorParallelism = "tensor_parallelism";
    internal const string PipelineParallelism = "pipeline_parallelism";
    internal const string Replicas = "replicas";
    internal const string PrefillReplicas = "prefill_replicas";
    internal const string CachesPrefixes = "caches_prefixes";
    internal const string GpuClock = "gpu_clock_megahertz";
    internal const string PowerCap = "power_cap_watts";
    internal const string MaxBatch = "max_batch";
    internal const string StepTokens = "step_tokens";

    /// <summary>Every name, in the order of the axes of a grid.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Model, Gpu, Precision, TensorParallelism, PipelineParallelism, Replicas, PrefillReplicas, CachesPrefixes, GpuClock, PowerCap,
        MaxBatch, StepTokens,
    ];

    /// <summary>Names of the knobs that decide about the number of accelerators and the memory of an instance.</summary>
    internal static IReadOnlyList<string> Sizing { get; } =
        [Model, Gpu, Precision, TensorParallelism, PipelineParallelism, Replicas, PrefillReplicas];
}
