using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace GreenServe.Records.Systems;

/// <summary>
/// One way to serve a workload: hardware, engine, model, number of instances and their knobs. Accelerators that it does not use are
/// switched
/// off, and their energy does not count.
/// </summary>
public sealed record ServingSetting
{
    /// <summary>Name of the accelerator, or the path of its file.</summary>
    public required string Gpu { get; init; }

    /// <summary>Name of the engine's profile, or the path of its file. A calibrated profile is a twin.</summary>
    public required string Engine { get; init; }

    /// <summary>Name of the model, or the path of its file.</summary>
    public required string Model { get; init; }

    /// <summary>The knobs of every instance.</summary>
    /// <value>Default: those of the engine and the device.</value>
    public Knobs Knobs { get; init; } = new();

    /// <summary>Instances that serve whole requests, or that only decode where others process the prompts.</summary>
    /// <value>From 1 to 10000; default 1.</value>
    [Range(1, 10_000)]
    public int Replicas { get; init; } = 1;

    /// <summary>Instances that process prompts and hand them over; 0 where every instance serves whole requests.</summary>
    /// <value>From 0 to 10000; default 0.</value>
    [Range(0, 10_000)]
    public int PrefillReplicas { get; init; }

    /// <summary>Whether the cache keeps the beginnings that prompts share; <c>null</c> for what the engine does by itself.</summary>
    public bool? CachesPrefixes { get; init; }

    /// <summary>Accelerators of one instance.</summary>
    [JsonIgnore]
    public int GpusOfInstance => (Knobs.TensorParallelism ?? 1) * (Knobs.PipelineParallelism ?? 1);

    /// <summary>Accelerators that the setting uses.</summary>
    [JsonIgnore]
    public int Gpus => (Replicas + PrefillReplicas) * GpusOfInstance;
}
