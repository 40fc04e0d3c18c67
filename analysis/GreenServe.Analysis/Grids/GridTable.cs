using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Metrics;
using GreenServe.Analysis.Statistics;
using GreenServe.Analysis.Tables;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Grids;

/// <summary>The table of an experiment: one row a coordinate and evidence kind, with mean and interval of every metric.</summary>
/// <remarks>
/// Repetitions of a coordinate are the unit: the interval is Student's t at 95 % between runs, absent below two. Invalid runs enter no
/// mean; the column <c>invalid</c> says why. <c>not_measured</c> lists the metrics without a number and why. Metered metrics also carry
/// <c>_error</c>, the largest error bound of the measurement itself, which repetition does not lower, and <c>_uncertainty</c>, that bound and half
/// the interval combined in quadrature.
/// </remarks>
public static class GridTable
{
    private static readonly (string Name, Func<ExperimentRun, string?> Read)[] Identities =
    [
        ("system", run => run.System),
        ("gpu", run => run.Metrics.Manifest.System?.Gpu),
        ("engine", run => run.Metrics.Manifest.System?.Engine ?? run.Metrics.Manifest.Environment.Server),
        ("model", run => run.Metrics.Manifest.Model),
        ("precision", run => EnumText.Of(run.Metrics.Manifest.Knobs.Precision)),
        ("workload", run => run.Metrics.Manifest.WorkloadName),
        ("slo_profile", run => run.Metrics.Manifest.Slo?.Name),
    ];

    /// <summary>Builds the table of runs that belong to one experiment.</summary>
    /// <param name="name">Name of the table.</param>
    /// <param name="runs">The runs; at least one. Experiments may differ in their axes: what one did not vary is read from its runs where they say it.</param>
    /// <exception cref="InvalidInputException">Runs of one experiment have different axes, or equal coordinates and different knobs or workloads.</exception>
    public static ResultTable Of(string name, IReadOnlyList<ExperimentRun> runs)
    {
        string[] axes = [.. runs.SelectMany(run => run.Coordinates.Keys).Distinct()];
        GridChecks.RequireSameAxes(runs);
        (string Name, Func<ExperimentRun, string?> Read)[] identities = [.. Identities.Where(identity => !axes.Contains(identity.Name))];
        ExperimentRun[][] points = [.. runs
            .GroupBy(run => Key(run, axes, identities)).Select(group => group.ToArray())
            .OrderBy(group => EnumText.Of(group[0].Metrics.Manifest.Evidence), StringComparer.Ordinal)];
        foreach (ExperimentRun[] point in points)
        {
            GridChecks.RequireSameSetting(point);
        }

        bool[] isText = [.. axes.Select(axis => runs.Any(run => Coordinate(run, axis) is string))];
        ResultColumn[] columns =
        [
            new("evidence", true),
            .. identities.Select(identity => new ResultColumn(identity.Name, true)),
            .. axes.Select((axis, index) => new ResultColumn(axis, isText[index])),
            new("gpus_used", false), new("seeds", true), new("energy_scope", true), new("energy_source", true),
            new("repetitions", false), new("invalid_repetitions", false),
            .. MetricCatalog.All.SelectMany(ColumnsOf),
            new("not_measured", true), new("invalid", true),
        ];
        return new ResultTable(name, columns, [.. Sort([.. points.Select(point => Row(point, axes, isText, identities))], 1 + identities.Length, axes.Length)]);
    }

    private static object?[] Row(
        ExperimentRun[] point, string[] axes, bool[] isText, (string Name, Func<ExperimentRun, string?> Read)[] identities)
    {
        RunManifest manifest = point[0].Metrics.Manifest;
        RunMetrics[] valid = [.. point.Select(run => run.Metrics).Where(metrics => metrics.IsValid)];
        List<object?> cells =
        [
            EnumText.Of(manifest.Evidence),
            .. identities.Select(identity => identity.Read(point[0])),
            .. axes.Select((axis, index) => isText[index] ? AsText(Coordinate(point[0], axis)) : Coordinate(point[0], axis)),
            (double?)manifest.GpusUsed,
            string.Join(' ', point.Select(run => run.Metrics.Manifest.Seed).Distinct().Order()),
            valid.FirstOrDefault()?.Energy.Scope is { } scope ? EnumText.Of(scope) : null,
            valid.FirstOrDefault()?.Energy.Source is { } source ? EnumText.Of(source) : null,
            (double)valid.Length,
            (double)(point.Length - valid.Length),
        ];
        List<(string Metric, string Why)> missing = [];
        foreach (MetricDefinition metric in MetricCatalog.All)
        {
            Reading[] readings = [.. valid.Select(metric.Read)];
            MeanInterval? mean = MeanInterval.Of([.. readings.Select(reading => reading.Value).OfType<double>()]);
            cells.AddRange([mean?.Mean, mean?.Low, mean?.High]);
            if (metric.HasError)
            {
                double? error = readings.Max(reading => reading.ErrorBound);
                cells.AddRange([error, Quadrature(error, mean?.HalfWidth)]);
            }

            missing.AddRange(readings.Where(reading => reading.Value is null).Select(reading => (metric.Name, reading.NotMeasured!)));
        }

        IEnumerable<string> reasons = missing.GroupBy(pair => pair.Why)
            .Select(group => $"{string.Join(", ", group.Select(pair => pair.Metric).Distinct())}: {group.Key}");
        IEnumerable<string> invalid = point.Where(run => !run.Metrics.IsValid)
            .SelectMany(run => run.Metrics.Reasons).Select(reason => $"{reason.Code}: {reason.Message}").Distinct();
        cells.AddRange([NullIfEmpty(string.Join("; ", reasons)), NullIfEmpty(string.Join("; ", invalid))]);
        return [.. cells];
    }

    private static IEnumerable<ResultColumn> ColumnsOf(MetricDefinition metric)
    {
        string[] suffixes = metric.HasError ? ["", "_low", "_high", "_error", "_uncertainty"] : ["", "_low", "_high"];
        return suffixes.Select(suffix => new ResultColumn(metric.Name + suffix, false));
    }

    // Either alone where the other is not known.
    private static double? Quadrature(double? error, double? half) =>
        error is null && half is null ? null : Math.Sqrt(((error ?? 0) * (error ?? 0)) + ((half ?? 0) * (half ?? 0)));

    // Stable: rows keep the order of the records where the axes do not decide, so that loads stay low, medium, high.
    private static IEnumerable<object?[]> Sort(IReadOnlyList<object?[]> rows, int firstAxis, int axes)
    {
        Dictionary<(int, string), double> seen = [];
        foreach (object?[] row in rows)
        {
            for (int axis = firstAxis; axis < firstAxis + axes; axis++)
            {
                if (row[axis] is string text)
                {
                    seen.TryAdd((axis, text), KnownOrder.Rank(text) ?? (KnownOrder.Last + seen.Count));
                }
            }
        }

        IOrderedEnumerable<object?[]> sorted = rows.OrderBy(row => (string)row[0]!, StringComparer.Ordinal);
        for (int axis = firstAxis; axis < firstAxis + axes; axis++)
        {
            int place = axis;
            sorted = sorted.ThenBy(row => row[place] is string text ? seen[(place, text)] : row[place] as double? ?? double.PositiveInfinity);
        }

        return sorted;
    }

    private static string Key(ExperimentRun run, string[] axes, (string Name, Func<ExperimentRun, string?> Read)[] identities) => JsonSerializer.Serialize(
        new[] { EnumText.Of(run.Metrics.Manifest.Evidence) }
            .Concat(identities.Select(identity => identity.Read(run)))
            .Concat(axes.Select(axis => AsText(Coordinate(run, axis)))));

    /// <summary>A run's place on an axis; an axis its experiment does not have is what its manifest says, if that says it.</summary>
    internal static object? Coordinate(ExperimentRun run, string axis)
    {
        if (run.Coordinates.TryGetValue(axis, out JsonNode? place))
        {
            return Cell(place);
        }

        RunManifest manifest = run.Metrics.Manifest;
        return axis switch
        {
            "tensor_parallelism" => (double)manifest.Knobs.TensorParallelism,
            "gpu_clock_megahertz" => manifest.Knobs.GpuClockMegahertz,
            "power_cap_watts" => manifest.Knobs.PowerCapWatts,
            _ => Identities.FirstOrDefault(identity => identity.Name == axis).Read?.Invoke(run),
        };
    }

    private static object? Cell(JsonNode? node) => node switch
    {
        null => null,
        JsonValue value when value.TryGetValue(out bool flag) => flag ? "true" : "false",
        JsonValue value when value.TryGetValue(out double number) => number,
        JsonValue value when value.GetValueKind() == JsonValueKind.Number => double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture),

        // Cases of a grid have names; those that are numbers are numbers.
        JsonValue value when value.TryGetValue(out string? text) =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : text,
        _ => node.ToJsonString(),
    };

    private static string? AsText(object? cell) => cell is double number ? NumberText.Exact(number) : (string?)cell;

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
