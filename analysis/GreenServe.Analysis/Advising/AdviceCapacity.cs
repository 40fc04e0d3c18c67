using GreenServe.Records.Systems;

namespace GreenServe.Analysis.Advising;

/// <summary>What accelerators carry within the SLO, and what fewer of them would. All numbers are simulated.</summary>
public sealed record AdviceCapacity
{
    /// <summary>The fleet without a policy that meets the SLO with the fewest accelerators; <c>null</c> where none does.</summary>
    public FleetPlan? FewestGpus { get; init; }

    /// <summary>
    /// The fleet with the least energy that meets the SLO, under a policy or under none; <c>null</c> where none does. A policy that knows
    /// the future is no choice, since nobody can run it.
    /// </summary>
    public FleetPlan? FewestJoules { get; init; }

    /// <summary>Every fleet that was looked at, by rising number of accelerators, static ones and ones with a policy.</summary>
    public IReadOnlyList<FleetPlan> Plans { get; init; } = [];

    /// <summary>Accelerators of the recommended setting, which is the present fleet.</summary>
    public required int FleetGpus { get; init; }

    /// <summary>
    /// The highest load that the recommended setting carries within the SLO, as a factor of the workload's own; <c>null</c> where it
    /// carries none of those that were tried, or where none was tried.
    /// </summary>
    public double? HighestLoadFactor { get; init; }

    /// <summary>
    /// Whether the load factors are those of the busiest stretch of a workload that is too long to be simulated at many loads. Over the
    /// whole of it more may be carried within the SLO.
    /// </summary>
    public bool IsLoadOfBusiestStretch { get; init; }

    /// <summary>The lowest load factor at which the SLO was missed; <c>null</c> where none was.</summary>
    public double? LowestMissedLoadFactor { get; init; }

    /// <summary>What a budget of power costs in goodput, by falling budget.</summary>
    public IReadOnlyList<PowerBudgetEffect> PowerBudgets { get; init; } = [];

    /// <summary>Simulations behind these numbers.</summary>
    public long Simulations { get; init; }

    /// <summary>Requests of these simulations together.</summary>
    public long SimulatedRequests { get; init; }

    /// <summary>What the numbers hold for, and what was not worked out with the reason, each in a sentence.</summary>
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

    /// <summary>
    /// Whether the policy knows requests before they arrive. Its numbers are then a bound of what any policy reaches.
    /// </summary>
    public bool KnowsFuture { get; init; }

    /// <summary>Accelerators of the fleet. A policy may switch some of them off for a time.</summary>
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

/// <summary>What a budget of power costs in goodput, at the load of the workload and at the highest load within the SLO.</summary>
public sealed record PowerBudgetEffect
{
    /// <summary>The budget as a share of the power that the recommended fleet draws at most, in (0, 1].</summary>
    public required double BudgetRatio { get; init; }

    /// <summary>Power that the accelerators may draw together (W).</summary>
    public required double BudgetWatts { get; init; }

    /// <summary>
    /// The setting within the budget with the highest goodput at the workload's load, in words; <c>null</c> where none meets the SLO at any
    /// load that was tried.
    /// </summary>
    public string? Setting { get; init; }

    /// <summary>
    /// Requests per second within the SLO (requests/s) at the workload's load, or at the highest lower load at which the SLO holds;
    /// <c>null</c> without a setting.
    /// </summary>
    public double? GoodputRequestsPerSecond { get; init; }

    /// <summary>That goodput over the one without a budget; <c>null</c> where one of them is not known.</summary>
    public double? GoodputRatio { get; init; }

    /// <summary>Mean power of the setting (W); <c>null</c> where it is not known.</summary>
    public double? MeanWatts { get; init; }

    /// <summary>The setting within the budget with the highest goodput at the highest load within the SLO, in words.</summary>
    public string? SettingAtCapacity { get; init; }

    /// <summary>The highest load within the SLO under the budget, as a factor of the workload's own; <c>null</c> where none is.</summary>
    public double? HighestLoadFactor { get; init; }

    /// <summary>Requests per second within the SLO (requests/s) at that load; <c>null</c> without a setting.</summary>
    public double? GoodputAtCapacityRequestsPerSecond { get; init; }

    /// <summary>That goodput over the one of the fleet without a budget, at its own highest load.</summary>
    public double? GoodputAtCapacityRatio { get; init; }
}
