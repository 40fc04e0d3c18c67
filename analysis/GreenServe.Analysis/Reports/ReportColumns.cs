using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Metrics;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Reports;

/// <summary>Which columns of a table the page shows: of a grid the main ones, of a small table all of them. The CSV has every one.</summary>
internal static class ReportColumns
{
    private const int MaxRowsOfSmallTable = 40;

    private static readonly string[] Metrics =
    [
        "ttft_p50_seconds", "ttft_p99_seconds", "tbt_mean_seconds", "tbt_p99_seconds", "e2e_p50_seconds", "output_tokens_per_second",
        "mean_watts", "peak_watts", "joules_per_request", "joules_per_output_token",
    ];

    private static readonly string[] MetricsOfAnSlo = ["slo_attainment", "slo_goodput_requests_per_second", "slo_worst_ratio"];
    private static readonly string[] Setup = ["run", "evidence", "system", "engine", "model", "precision", "workload", "slo_profile", "verdict"];

    /// <summary>The columns, in order.</summary>
    internal static IReadOnlyList<ReportColumn> Of(ResultTable table)
    {
        if (table.Columns.Count <= MaxRowsOfSmallTable)
        {
            return [.. table.Columns.Select(column => column.Name).Where(name => !IsBound(table, name)).Select(name => Column(table, name))];
        }

        // What is the same in every row stands in the caption; evidence is printed always.
        IEnumerable<string> setup = Setup.Where(name => table.Has(name) && (name is "evidence" or "run" or "verdict" || table.Distinct(name).Count > 1));
        IEnumerable<string> axes = table.Columns.Select(column => column.Name)
            .Where(name => AxisCatalog.IsAxis(name) && !Setup.Contains(name) && (name != "gpu" || table.Distinct(name).Count > 1) && table.Distinct(name).Count > 0);
        IEnumerable<string> rest = new[] { "repetitions", "invalid_repetitions" }.Where(table.Has).Where(name => name != "invalid_repetitions" || HasPositive(table, name));
        IEnumerable<string> slo = MetricsOfAnSlo.Where(name => table.Distinct(name).Count > 0);
        return [.. setup.Concat(axes).Concat(rest).Concat(Metrics.Where(table.Has)).Concat(slo).Select(name => Column(table, name))];
    }

    private static ReportColumn Column(ResultTable table, string name)
    {
        bool hasInterval = table.Has($"{name}_low") && table.Has($"{name}_high");
        if (MetricCatalog.Find(name) is not { } metric)
        {
            return new ReportColumn(name, AxisCatalog.IsAxis(name) ? AxisCatalog.Label(name) : name.Replace('_', ' '), HasInterval: hasInterval);
        }

        (double factor, string unit) = AxisCatalog.Display(metric, Enumerable.Range(0, table.Rows.Count).Select(row => table.Number(row, name)).OfType<double>());
        string title = unit.Length > 0 ? $"{metric.Title} ({unit})" : metric.Title;
        return new ReportColumn(name, title, factor, hasInterval);
    }

    private static bool IsBound(ResultTable table, string name) => new[] { "_low", "_high" }
        .Any(suffix => name.EndsWith(suffix, StringComparison.Ordinal) && table.Has(name[..^suffix.Length]));

    private static bool HasPositive(ResultTable table, string name) => Enumerable.Range(0, table.Rows.Count).Any(row => table.Number(row, name) > 0);
}
