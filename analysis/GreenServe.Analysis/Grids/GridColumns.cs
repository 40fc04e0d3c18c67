using GreenServe.Analysis.Metrics;
using GreenServe.Analysis.Tables;
using GreenServe.Records.Documents;

namespace GreenServe.Analysis.Grids;

/// <summary>The columns that the table of every grid has, whatever its experiment varies.</summary>
internal static class GridColumns
{
    /// <summary>Column of the number of accelerators that served.</summary>
    public static NumberColumn GpusUsed { get; } = new("gpus_used");

    /// <summary>Valid runs behind the means of a row.</summary>
    public static NumberColumn Repetitions { get; } = new("repetitions");

    /// <summary>Runs that were left out as invalid.</summary>
    public static NumberColumn InvalidRepetitions { get; } = new("invalid_repetitions");

    /// <summary>
    /// Runs that were left out because the server did not carry their load, or not steadily. A setting with one of them keeps no SLO,
    /// however good the runs that are left.
    /// </summary>
    public static NumberColumn OverloadedRepetitions { get; } = new("overloaded_repetitions");

    /// <summary>
    /// Completed requests after warm-up whose latencies stand behind the row, in all its valid runs together. One run has
    /// <c>requests_completed</c> of them.
    /// </summary>
    public static NumberColumn RequestsMeasured { get; } = new("requests_measured");

    /// <summary>
    /// Columns that say which system served which model, as each run states it. Where an experiment varies one of them, it is an
    /// axis instead.
    /// </summary>
    internal static IReadOnlyList<Column<ExperimentRun>> Identities { get; } =
    [
        StandardColumns.System.From<ExperimentRun>(run => run.System),
        StandardColumns.Gpu.From<ExperimentRun>(run => run.Metrics.Manifest.System?.Gpu),
        StandardColumns.Engine.From<ExperimentRun>(run => run.Metrics.Manifest.System?.Engine ?? run.Metrics.Manifest.Environment.Server),
        StandardColumns.Model.From<ExperimentRun>(run => run.Metrics.Manifest.Model),
        StandardColumns.Precision.From<ExperimentRun>(run => KnobText.Precision(run.Metrics.Manifest.Knobs)),
        StandardColumns.Workload.From<ExperimentRun>(run => run.Metrics.Manifest.WorkloadName),
        StandardColumns.SloProfile.From<ExperimentRun>(run => run.Metrics.Manifest.Slo?.Name),
    ];

    /// <summary>
    /// Scope of the host's power, where a meter of it was read; it may contain the scope of the joules, and is never added to it.
    /// </summary>
    public static TextColumn HostScope { get; } = new("host_scope");

    /// <summary>Currency of costs, where a price was stated.</summary>
    public static TextColumn Currency { get; } = new("currency");

    /// <summary>The columns of texts that the table of some runs has because of its metrics.</summary>
    internal static IEnumerable<Column<ExperimentRun>> For(IReadOnlyList<MetricColumn> metrics)
    {
        if (metrics.Contains(MetricColumns.HostWatts))
        {
            yield return HostScope.From<ExperimentRun>(
                run => HostPower.ScopeOf(run.Metrics) is { } scope ? EnumText.Of(scope) : null);
        }

        if (metrics.Contains(MetricColumns.CostPerMillionTokens))
        {
            yield return Currency.From<ExperimentRun>(run => run.Metrics.Costs?.Prices.Currency);
        }
    }

    /// <summary>All of them. With the axes of its experiment they are every column of the table.</summary>
    public static IReadOnlyList<Column> All { get; } =
    [
        StandardColumns.Evidence, .. Identities.Select(identity => identity.Definition), GpusUsed, StandardColumns.Seeds,
        StandardColumns.EnergyScope, StandardColumns.EnergySource, Repetitions, InvalidRepetitions, OverloadedRepetitions,
        RequestsMeasured,
        .. MetricColumns.For([]).SelectMany(metric => metric.All), .. SeedValues.All.Select(values => values.Column),
        StandardColumns.NotMeasured, StandardColumns.Invalid,
    ];
}
