using GreenServe.Analysis.Advising;
using GreenServe.Analysis.Pricing;
using GreenServe.Records.Grids;
using GreenServe.Workloads;

namespace GreenServe.Search.Advising;

/// <summary>What an advice is asked for.</summary>
public sealed record AdviceRequest
{
    /// <summary>The default of <see cref="GpuLimit"/>.</summary>
    public const int DefaultGpuLimit = 8;

    /// <summary>The largest <see cref="GpuLimit"/>.</summary>
    public const int MaxGpuLimit = 1024;

    /// <summary>The default of <see cref="Repetitions"/>.</summary>
    public const int DefaultRepetitions = 5;

    /// <summary>The workload: what is asked, at which load, and within which SLO.</summary>
    public required Workload Workload { get; init; }

    /// <summary>Accelerators that may serve, by name or file; at least one.</summary>
    public required IReadOnlyList<string> Gpus { get; init; }

    /// <summary>The engine's profile, by name or file. A calibrated profile is a twin.</summary>
    public required string Engine { get; init; }

    /// <summary>Models that may serve, by name or file; at least one.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>The largest number of accelerators that a setting may use.</summary>
    /// <value>From 1 to 1024; default 8.</value>
    public int GpuLimit { get; init; } = DefaultGpuLimit;

    /// <summary>
    /// The values that knobs may have, as <c>name=value,value</c> or <c>name=lowest..highest/step</c>; a name alone for its usual values.
    /// Knobs that are not named have their usual values, or with <c>others=default</c> their defaults alone.
    /// </summary>
    /// <value>Default: every knob with its usual values.</value>
    public IReadOnlyList<string> Knobs { get; init; } = [];

    /// <summary>What is to be least.</summary>
    /// <value>Default: joules.</value>
    public AdviceObjective Objective { get; init; }

    /// <summary>What a kilowatt-hour costs the climate and the operator; <c>null</c> where it was not stated.</summary>
    public GridFactors? Grid { get; init; }

    /// <summary>
    /// Price of an accelerator for an hour, in the currency of <see cref="Currency"/>; <c>null</c> where it was not stated.
    /// </summary>
    public double? GpuHourPrice { get; init; }

    /// <summary>Currency of <see cref="GpuHourPrice"/>, for example EUR; <c>null</c> for that of <see cref="Grid"/>.</summary>
    public string? Currency { get; init; }

    /// <summary>Folders with records of measured runs; empty for none.</summary>
    public IReadOnlyList<string> RecordFolders { get; init; } = [];

    /// <summary>Number of runs of each finalist, each with a seed of its own.</summary>
    /// <value>From 2 to 99; default 5.</value>
    public int Repetitions { get; init; } = DefaultRepetitions;

    /// <summary>Whether the fleet, the load that it takes and budgets of power are worked out too.</summary>
    /// <value>Default <c>true</c>.</value>
    public bool PlansCapacity { get; init; } = true;

    /// <summary>What energy and accelerators cost.</summary>
    public TokenPrices Prices => new() { Grid = Grid, GpuHourPrice = GpuHourPrice };
}
