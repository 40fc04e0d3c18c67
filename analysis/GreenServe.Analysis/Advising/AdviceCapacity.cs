using GreenServe.Records.Systems;

namespace GreenServe.Analysis.Advising;

/// <summary>What accelerators carry within the SLO, and what fewer of them would. All numbers are simulated.</summary>
public sealed record AdviceCapacity
{
    /// <summary>The fleet with the fewest accelerators that meets the SLO; <c>null</c> where none does.</summary>
    public FleetPlan? FewestGpus { get; init; }

    /// <summary>The fleet with the least energy that meets the SLO; <c>null</c> where none does.</summary>
    public FleetPlan? FewestJoules { get; init; }

    /// <summary>Every fleet that was looked at, by rising number of accelerators, static ones and ones with a policy.</summary>
    public IReadOnlyList<FleetPlan> Plans { get; init; } = [];

    /// <summary>
    /// The highest load that the recommended setting carries within the SLO, as a factor of the workload's own; <c>null</c> where it was
    /// not
    /// found.
    /// </summary>
    public double? HighestLoadFactor { get; init; }

    /// <summary>The lowest load factor at which the SLO was missed; <c>null</c> where none was.</summary>
    public double? LowestMissedLoadFactor { get; init; }

    /// <summary>What a budget of power costs in goodput, by falling budget.</summary>
    public IReadOnlyList<PowerBudgetEffect> PowerBudgets { get; init; } = [];

    /// <summary>What was not worked out, each with the reason.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>A fleet that serves the workload.</summary>
public sealed record FleetPlan
{
    /// <summary>The setting of its instances.</summary>
    public required ServingSetting Setting { get; init; }

    /// <summary>The fleet in words.</summary>
    public required string Words { get; init; }

    /// <summary>Name of the policy that controls it; <c>null</c> for a static fleet.</summary>
    public string? Policy { get; init; }

    /// <summary>Accelerators of the fleet.</summary>
    public required int Gpus { get; init; }

    /// <summary>Whether every limit of the SLO holds and every request was served.</summary>
    public required bool MeetsSlo { get; init; }

    /// <summary>Energy of an output token (J); <c>null</c> where it is not known.</summary>
    public double? JoulesPerOutputToken { get; init; }

    /// <summary>Mean power (W); <c>null</c> where it is not known.</summary>
    public double? MeanWatts { get; init; }

    /// <summary>Largest latency over its limit; <c>null</c> where none was tested.</summary>
    public double? WorstRatio { get; init; }

    /// <summary>Number of requests behind the latencies.</summary>
    public required long Requests { get; init; }
}

/// <summary>What a budget of power costs.</summary>
/// <param name="BudgetWatts">Power that the accelerators may draw together (W).</param>
/// <param name="Setting">
/// The setting that serves most within the SLO under the budget, in words; <c>null</c> where none does.
/// </param>
/// <param name="GoodputRequestsPerSecond">
/// Requests per second within the SLO (requests/s); <c>null</c> where no setting meets the SLO.
/// </param>
/// <param name="GoodputRatio">That goodput over the one without a budget.</param>
/// <param name="MeanWatts">Mean power of the setting (W).</param>
public sealed record PowerBudgetEffect(
    double BudgetWatts, string? Setting, double? GoodputRequestsPerSecond, double? GoodputRatio, double? MeanWatts);
