using GreenServe.Analysis.Metrics;
using GreenServe.Analysis.Tables;
using GreenServe.Records.Documents;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Records.Verdicts;

namespace GreenServe.Analysis.Grids;

/// <summary>The table of runs that belong to no artifact: one row a run, with every metric.</summary>
internal static class RunsTable
{
    /// <summary>Name of the table.</summary>
    public const string Name = "runs";

    private static readonly Table<NamedRun> Definition = new(Name,
    [
        StandardColumns.Run.From<NamedRun>(row => row.Name),
        StandardColumns.Evidence.From<NamedRun>(row => EnumText.Of(row.Manifest.Evidence)),
        StandardColumns.Backend.From<NamedRun>(row => RecordedBackend.NameOf(row.Manifest.Backend)),
        StandardColumns.System.From<NamedRun>(row => row.Run.System),
        StandardColumns.Engine.From<NamedRun>(row => row.Run.Engine),
        StandardColumns.Model.From<NamedRun>(row => row.Manifest.Model),
        StandardColumns.Precision.From<NamedRun>(row => KnobText.Precision(row.Manifest.Knobs)),
        StandardColumns.Workload.From<NamedRun>(row => row.Manifest.WorkloadName),
        StandardColumns.Verdict.From<NamedRun>(row => new RunVerdict([.. row.Run.Metrics.Reasons]).ToString()),
        StandardColumns.EnergyScope.From<NamedRun>(row => row.Run.Metrics.Energy.Scope is { } scope ? EnumText.Of(scope) : null),
        StandardColumns.EnergySource.From<NamedRun>(row => row.Run.Metrics.Energy.Source is { } source ? EnumText.Of(source) : null),
        new NumberColumn("seed").From<NamedRun>(row => row.Manifest.Seed),
        GridAxes.TensorParallelism.AsNumbers().From<NamedRun>(row => Knobs(row).TensorParallelism),
        GridAxes.GpuClock.AsNumbers().From<NamedRun>(row => Knobs(row).GpuClockMegahertz),
        GridAxes.PowerCap.AsNumbers().From<NamedRun>(row => Knobs(row).PowerCapWatts),
        new NumberColumn("max_batch").From<NamedRun>(row => Knobs(row).MaxBatch),
        GridColumns.RequestsMeasured.From<NamedRun>(row => row.Run.Metrics.Counts.Completed),
        .. MetricColumns.All.Select(metric => metric.Mean.From<NamedRun>(row => metric.Metric.Read(row.Run.Metrics).Value)),
        .. MetricColumns.All.Where(metric => metric.BandLow is not null).SelectMany(BandOf),
        .. GridColumns.For(MetricColumns.All).Select(column => column.Of<NamedRun>(row => row.Run)),
        new NumberColumn("energy_cross_check_ratio").From<NamedRun>(row => row.Run.Metrics.Energy.CrossCheckRatio),
        new NumberColumn("metering_cpu_cores").From<NamedRun>(row =>
            row.Manifest.Counters.TryGetValue(RunCounter.MeteringCpuCores.Name, out double cores) ? cores : null),
        StandardColumns.Extrapolated.From<NamedRun>(row => row.Manifest.ErrorBands?.ExtrapolatedInWords),
        StandardColumns.NotMeasured.From<NamedRun>(row => NotMeasured(row.Run.Metrics)),
    ]);

    /// <summary>The columns, whatever the runs.</summary>
    internal static IReadOnlyList<Column> Columns => Definition.Columns;

    /// <summary>The table of some runs, each named like the folder of its record.</summary>
    public static ResultTable Of(IEnumerable<ExperimentRun> runs) => Of(runs.Select(run => new NamedRun(run.Name, run)));

    /// <summary>The table of some runs under given names.</summary>
    internal static ResultTable Of(IEnumerable<NamedRun> runs) => Definition.Of(runs);

    /// <summary>The knobs that a run had throughout: a policy changes some.</summary>
    private static Knobs Knobs(NamedRun row) => row.Manifest.Policy?.Unchanged(row.Manifest.Knobs) ?? row.Manifest.Knobs;

    private static IEnumerable<Column<NamedRun>> BandOf(MetricColumn metric)
    {
        yield return metric.BandLow!.From<NamedRun>(row => ValueOf(row) * metric.Metric.Band!(row.Run.Metrics)?.LowFactor);
        yield return metric.BandHigh!.From<NamedRun>(row => ValueOf(row) * metric.Metric.Band!(row.Run.Metrics)?.HighFactor);

        double? ValueOf(NamedRun row) => metric.Metric.Read(row.Run.Metrics).Value;
    }

    private static string? NotMeasured(RunMetrics metrics)
    {
        string reasons = string.Join("; ", MetricCatalog.For(metrics).Select(metric => (metric.Name, Reading: metric.Read(metrics)))
            .Where(one => one.Reading.Value is null).GroupBy(one => one.Reading.NotMeasured)
            .Select(group => $"{string.Join(", ", group.Select(one => one.Name))}: {group.Key}"));
        return reasons.Length > 0 ? reasons : null;
    }
}

/// <summary>A run with the name that tables and figures give it.</summary>
internal sealed record NamedRun(string Name, ExperimentRun Run)
{
    internal RunManifest Manifest => Run.Metrics.Manifest;
}
