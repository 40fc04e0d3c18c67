using System.ComponentModel;

namespace GreenServe.Simulation.Engines;

/// <summary>An engine's costs on one kind of accelerator.</summary>
public sealed record EngineCostsOnGpu
{
    /// <summary>Name of the accelerator.</summary>
    [Description("Name of the accelerator.")]
    public required string Gpu { get; init; }

    /// <summary>The costs there.</summary>
    [Description("The costs there.")]
    public required EngineCosts Costs { get; init; }
}
