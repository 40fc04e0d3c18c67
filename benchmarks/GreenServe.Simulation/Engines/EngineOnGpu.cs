using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace GreenServe.Simulation.Engines;

/// <summary>What is different about an engine on some kinds of accelerator.</summary>
public sealed record EngineOnGpu
{
    /// <summary>Names of the accelerators.</summary>
    [Description("Names of the accelerators.")]
    public required IReadOnlyList<string> Gpus { get; init; }

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
