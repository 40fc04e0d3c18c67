using GreenServe.Analysis.Metrics;
using GreenServe.Analysis.Tables;
using GreenServe.Records.Documents;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Records.Verdicts;

namespace GreenServe.Analysis.Grids;

/// <summary>One row a run, with every metric: for runs that belong to no artifact.</summary>
public static class RunsTable
{
    /// <summary>Name of the table.</summary>
    public const string Name = "runs";

    /// <summary>The table of some runs.</summary>
    public static ResultTable Of(IReadOnlyList<ExperimentRun> runs)
    {
        string[] text = ["run", "evidence", "backend", "system", "engine", "model", "precision", "workload", "verdict", "energy_scope", "energy_source"];
        ResultColumn[] columns =
        [
            .. text.Select(name => new ResultColumn(name, true)), new("seed", false), new("tensor_parallelism", false),
            new("gpu_clock_megahertz", false), new("power_cap_watts", false), new("max_batch", false),
            .. MetricCatalog.All.Select(metric => new ResultColumn(metric.Name, false)), new("energy_cross_check_ratio", false),
            new("metering_cpu_cores", false), new("not_measured", true),
        ];
        return new ResultTable(Name, columns, [.. runs.Select(Row)]);
    }

    private static object?[] Row(ExperimentRun run)
    {
        RunManifest manifest = run.Metrics.Manifest;
        (MetricDefinition Metric, Reading Reading)[] readings = [.. MetricCatalog.All.Select(metric => (metric, metric.Read(run.Metrics)))];
        IEnumerable<string> reasons = readings.Where(pair => pair.Reading.Value is null).GroupBy(pair => pair.Reading.NotMeasured)
            .Select(group => $"{string.Join(", ", group.Select(pair => pair.Metric.Name))}: {group.Key}");
        return
        [
            Path.GetFileName(Path.TrimEndingDirectorySeparator(run.Folder)), EnumText.Of(manifest.Evidence), RecordedBackend.NameOf(manifest.Backend), run.System,
            run.Engine, manifest.Model, EnumText.Of(manifest.Knobs.Precision), manifest.WorkloadName,
            new RunVerdict([.. run.Metrics.Reasons]).ToString(),
            run.Metrics.Energy.Scope is { } scope ? EnumText.Of(scope) : null,
            run.Metrics.Energy.Source is { } source ? EnumText.Of(source) : null,
            (double)manifest.Seed, (double)manifest.Knobs.TensorParallelism, manifest.Knobs.GpuClockMegahertz, manifest.Knobs.PowerCapWatts,
            (double?)manifest.Knobs.MaxBatch,
            .. readings.Select(pair => (object?)pair.Reading.Value), run.Metrics.Energy.CrossCheckRatio,
            manifest.Counters.TryGetValue(RunCounter.MeteringCpuCores.Name, out double cores) ? cores : null, string.Join("; ", reasons) is { Length: > 0 } missing ? missing : null,
        ];
    }
}
