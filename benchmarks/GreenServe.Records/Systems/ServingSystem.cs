using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace GreenServe.Records.Systems;

/// <summary>The hardware and engine that serve.</summary>
public sealed record ServingSystem
{
    /// <summary>The largest number of accelerators in one system.</summary>
    public const int MaxGpuCount = 64;

    /// <summary>Name of the accelerator as its profile or its driver calls it, for example H100-80GB-SXM.</summary>
    public required string Gpu { get; init; }

    /// <summary>Accelerators in the server.</summary>
    /// <value>From 1 to 64; default 8.</value>
    [Range(1, MaxGpuCount)]
    public int GpuCount { get; init; } = 8;

    /// <summary>Name of the engine's profile: the engine and its generation, for example vllm-0.11.</summary>
    public required string Engine { get; init; }

    /// <summary>
    /// The host to predict for, which a simulated engine's host work is scaled to; <c>null</c> for the host on which the constants of the
    /// engine's profile were fitted. A measured server states its host in the record's environment.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HostSpeed? Host { get; init; }
}
