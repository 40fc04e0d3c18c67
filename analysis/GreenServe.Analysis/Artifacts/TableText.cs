using System.Text;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Artifacts;

/// <summary>The main numbers of a grid or of runs as a table for people: Markdown, and LaTeX with booktabs.</summary>
internal static class TableText
{
    // A longer table is not read but searched: its CSV is named instead.
    private const int MaxRows = 60;

    private static readonly ShownMetric[] Shown =
    [
        new(MetricColumns.TtftP50, "TTFT p50 (ms)", 1000), new(MetricColumns.TtftP99, "TTFT p99 (ms)", 1000),
        new(MetricColumns.TbtMean, "TBT mean (ms)", 1000), new(MetricColumns.OutputTokensPerSecond, "tokens/s"),
        new(MetricColumns.MeanWatts, "mean power (W)"), new(MetricColumns.JoulesPerRequest, "J/request"),
        new(MetricColumns.JoulesPerOutputToken, "J/token"),
    ];

    /// <summary>Whether a table holds the main numbers; others are data for machines.</summary>
    internal static bool CanShow(ResultTable table) => Shown.Any(metric => table.Has(metric.Column.Mean));

    /// <summary>The table as Markdown.</summary>
    /// <param name="table">A table that <see cref="CanShow"/> accepts.</param>
    internal static string Markdown(ResultTable table)
    {
        Column[] axes = AxesOf(table);
        StringBuilder text = new();
        text.Append("| ").AppendJoin(" | ", Titles(axes).Select(MarkdownText.Escape)).Append(" |\n|")
            .Append(string.Concat(Enumerable.Repeat("---|", axes.Length)))
            .Append(string.Concat(Enumerable.Repeat("---:|", Shown.Length))).Append('\n');
        foreach (TableRow row in table.Rows.Take(MaxRows))
        {
            text.Append("| ").AppendJoin(" | ", Cells(table, row, axes).Select(MarkdownText.Escape)).Append(" |\n");
        }

        int more = table.Rows.Count - MaxRows;
        return text.Append(more > 0 ? $"\n{more} more rows in {table.Name}.csv.\n" : "").ToString();
    }

    /// <summary>The table as LaTeX.</summary>
    /// <param name="table">A table that <see cref="CanShow"/> accepts.</param>
    /// <param name="caption">The artifact it belongs to.</param>
    internal static string Latex(ResultTable table, ArtifactCaption caption)
    {
        Column[] axes = AxesOf(table);
        string setting = $"{string.Join(", ", caption.Evidence)} evidence; {string.Join(", ", caption.Systems)}; "
            + $"{string.Join(", ", caption.Models)}. Mean ± half the 95 % interval between runs.";
        StringBuilder text = new();
        text.Append("% needs \\usepackage{booktabs}\n\\begin{table}\n\\centering\n\\caption{")
            .Append(LatexText.Escape(caption.Title)).Append(". ").Append(LatexText.Escape(setting))
            .Append("}\n\\label{tab:").Append(caption.Name).Append("}\n\\begin{tabular}{")
            .Append('l', axes.Length).Append('r', Shown.Length).Append("}\n\\toprule\n")
            .AppendJoin(" & ", Titles(axes).Select(LatexText.Escape)).Append(" \\\\\n\\midrule\n");
        foreach (TableRow row in table.Rows.Take(MaxRows))
        {
            text.AppendJoin(" & ", Cells(table, row, axes).Select(LatexText.Escape)).Append(" \\\\\n");
        }

        int more = table.Rows.Count - MaxRows;
        return text.Append("\\bottomrule\n\\end{tabular}\n\\end{table}\n")
            .Append(more > 0 ? $"% {more} more rows in {table.Name}.csv\n" : "").ToString();
    }

    private static IEnumerable<string> Titles(Column[] axes) =>
        [.. axes.Select(axis => GridAxes.Of(axis).Legend), .. Shown.Select(metric => metric.Title)];

    private static IEnumerable<string> Cells(ResultTable table, TableRow row, Column[] axes) =>
        [.. axes.Select(axis => row.Text(axis) ?? ""), .. Shown.Select(metric => Cell(table, row, metric))];

    private static string Cell(ResultTable table, TableRow row, ShownMetric metric)
    {
        if (row[metric.Column.Mean] is not { } value)
        {
            return "–";
        }

        // Single runs have no interval.
        double? half = table.Has(metric.Column.Low) ? metric.Column.HalfWidth(row) : null;
        return NumberText.WithError(value * metric.Factor, (half ?? 0) * metric.Factor);
    }

    // The evidence is a column only where it tells rows apart, as every axis; runs always have their names.
    private static Column[] AxesOf(ResultTable table) => [.. table.Columns
        .Where(column => column.Equals(StandardColumns.Run) || column.Equals(StandardColumns.Evidence)
            || AxisRoles.ColumnsOf(table).Contains(column))
        .Where(column => table.Distinct(column).Count > (column.Equals(StandardColumns.Run) ? 0 : 1))];

    /// <summary>A metric with its heading, and what its numbers are multiplied with to be in the heading's unit.</summary>
    private sealed record ShownMetric(MetricColumn Column, string Title, double Factor = 1);
}
