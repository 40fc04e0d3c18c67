using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace GreenServe.Simulation.Engines;

/// <summary>What is different about an engine on some kinds of accelerator.</summary>
public sealed record EngineOnGpu
{
    /// <summary>Names of the accelerators.</summary>
    [Description("Names of the accelerators.")]
    public required IReadOnlyList<string> Gpus { get; init; }

    /// <summary>
    /// Accelerator that stands for those when this engine serves on them; <c>null</c> for themselves. How much of a part an engine's kernels
    /// reach, and what that draws, is measured with the engine: it need not be what published tables of other kernels say.
    /// </summary>
    [Description("Accelerator of the catalogue that stands for those when this engine serves on them; absent for themselves.")]
    public string? Accelerator { get; init; }

    /// <summary>Costs there; <c>null</c> for the profile's.</summary>
    [Description("Costs there; absent means the profile's.")]
    public EngineCosts? Costs { get; init; }

    /// <summary>Most sequences that run at once there; <c>null</c> for the profile's.</summary>
    [Description("Most sequences that run at once there; absent means the profile's.")]
    [Range(1, 65536)]
    public int? MaxSequences { get; init; }

    /// <summary>Most tokens of one step there; <c>null</c> for the profile's.</summary>
    [Description("Most tokens of one step there; absent means the profile's.")]
    [Range(1, 1048576)]
    public int? StepTokens { get; init; }
}
