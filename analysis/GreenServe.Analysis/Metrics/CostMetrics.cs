namespace GreenServe.Analysis.Metrics;

/// <summary>Metrics of what a run emitted and cost, and of its host. Tables without such numbers leave them out.</summary>
internal static class CostMetrics
{
    // Before what reads it: static members are made in the order of the text.
    private static Reading NotPriced { get; } = Reading.Missing("neither a grid nor a price was stated");

    /// <summary>All of them, in the order of the columns.</summary>
    internal static IReadOnlyList<MetricDefinition> All { get; } =
    [
        new("host_watts", "mean power of the host", "W", Direction.Lower, HostPower.WattsOf, HasError: true)
        {
            AppliesTo = HostPower.HasMeter,
        },
        new("grid_grams_per_kilowatt_hour", "carbon intensity of the grid during the window", "gCO2e/kWh", Direction.Neither,
            run => run.Costs?.GramsPerKilowattHour ?? NotPriced)
        {
            AppliesTo = HasGrid,
        },
        new("co2e_grams_per_million_output_tokens", "emissions per million output tokens", "gCO2e", Direction.Lower,
            run => run.Costs?.GramsPerMillionTokens ?? NotPriced, HasError: true)
        {
            AppliesTo = HasGrid,
            Band = MetricBands.JoulesPerToken,
        },
        new("cost_per_million_output_tokens", "cost per million output tokens", "", Direction.Lower,
            run => run.Costs?.CostPerMillionTokens ?? NotPriced)
        {
            AppliesTo = run => run.Costs is { Prices.HasCost: true },
        },
    ];

    private static bool HasGrid(RunMetrics run) => run.Costs is { Prices.Grid: not null };
}
