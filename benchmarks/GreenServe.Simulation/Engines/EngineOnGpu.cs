using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using GreenServe.Records.Systems;

namespace GreenServe.Simulation.Engines;

/// <summary>Values of an engine profile that differ on some kinds of accelerator.</summary>
public sealed record EngineOnGpu
{
    /// <summary>Names of the accelerators.</summary>
    public required IReadOnlyList<string> Gpus { get; init; }

    /// <summary>
    /// Accelerator of the catalog whose constants replace those of the named ones when this engine serves on them; <c>null</c> for their
    /// own constants. The speed that an engine's kernels reach, and their power, can differ from published tables of other kernels.
    /// </summary>
    public string? Accelerator { get; init; }

    /// <summary>Costs on these accelerators; <c>null</c> for those of the profile.</summary>
    public EngineCosts? Costs { get; init; }

    /// <summary>
    /// Time that a request spends outside the engine loop before its first token on the hosts of these accelerators, in seconds, from 0 to
    /// 60; <c>null</c> for that of the profile. It depends on the host more than on the engine.
    /// </summary>
    [Range(0, 60)]
    public double? FrontEndSeconds { get; init; }

    /// <summary>
    /// Speed of the host on which the costs and the front end on these accelerators were fitted. <c>null</c> for the host of the profile,
    /// and for an unknown host where <see cref="Costs"/> or <see cref="FrontEndSeconds"/> has a value.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HostSpeed? FittedHost { get; init; }

    /// <summary>Largest number of sequences that run at once, from 1 to 65536; <c>null</c> for that of the profile.</summary>
    [Range(1, 65536)]
    public int? MaxSequences { get; init; }

    /// <summary>Largest number of tokens in one step, from 1 to 1048576; <c>null</c> for that of the profile.</summary>
    [Range(1, 1048576)]
    public int? StepTokens { get; init; }
}
