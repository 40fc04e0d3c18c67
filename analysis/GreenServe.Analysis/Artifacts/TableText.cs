using System.Text;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Artifacts;

/// <summary>The main numbers of a grid as a table for people: Markdown, and LaTeX with booktabs.</summary>
internal static class TableText
{
    private const int MaxRows = 60;

    private static readonly (string Metric, string Title, double Factor)[] Shown =
    [
        ("ttft_p50_seconds", "TTFT p50 (ms)", 1000), ("ttft_p99_seconds", "TTFT p99 (ms)", 1000), ("tbt_mean_seconds", "TBT mean (ms)", 1000),
        ("output_tokens_per_second", "tokens/s", 1), ("mean_watts", "mean power (W)", 1),
        ("joules_per_request", "J/request", 1), ("joules_per_output_token", "J/token", 1),
    ];

    private static readonly HashSet<string> Axes =
    [
        "run", "class", "load", "workload", "gpu", "model", "input_tokens", "output_tokens", "batch", "tensor_parallelism",
        "gpu_clock_megahertz", "power_cap_watts", "requests_per_second",
    ];

    /// <summary>Whether a table holds the main numbers; others are data for machines.</summary>
    internal static bool CanShow(ResultTable table) => Shown.Any(metric => table.Has(metric.Metric));

    internal static string Markdown(ResultTable table)
    {
        Layout layout = LayoutOf(table);
        StringBuilder text = new();
        text.Append("| ").AppendJoin(" | ", layout.Titles.Select(MarkdownText.Escape)).Append(" |\n|")
            .Append(string.Concat(layout.IsNumber.Select(number => number ? "---:|" : "---|"))).Append('\n');
        foreach (int row in Rows(table))
        {
            text.Append("| ").AppendJoin(" | ", layout.Cells(row).Select(MarkdownText.Escape)).Append(" |\n");
        }

        return text.Append(More(table)).ToString();
    }

    internal static string Latex(ResultTable table, ArtifactCaption caption)
    {
        Layout layout = LayoutOf(table);
        StringBuilder text = new();
        text.Append("% needs \\usepackage{booktabs}\n\\begin{table}\n\\centering\n\\caption{").Append(LatexText.Escape(caption.Title)).Append(". ")
            .Append(LatexText.Escape($"{string.Join(", ", caption.Evidence)} evidence; {string.Join(", ", caption.Systems)}; {string.Join(", ", caption.Models)}. Mean ± half the 95 % interval between runs."))
            .Append("}\n\\label{tab:").Append(caption.Name).Append("}\n\\begin{tabular}{")
            .Append(string.Concat(layout.IsNumber.Select(number => number ? 'r' : 'l'))).Append("}\n\\toprule\n")
            .AppendJoin(" & ", layout.Titles.Select(LatexText.Escape)).Append(" \\\\\n\\midrule\n");
        foreach (int row in Rows(table))
        {
            text.AppendJoin(" & ", layout.Cells(row).Select(LatexText.Escape)).Append(" \\\\\n");
        }

        return text.Append("\\bottomrule\n\\end{tabular}\n\\end{table}\n").Append(table.Rows.Count > MaxRows ? $"% {table.Rows.Count - MaxRows} more rows in {table.Name}.csv\n" : "").ToString();
    }

    /// <summary>Axes and the main numbers of a grid; every column as it is for a table of something else.</summary>
    private static Layout LayoutOf(ResultTable table)
    {
        if (!Shown.Any(metric => table.Has(metric.Metric)))
        {
            return new Layout(
                [.. table.Columns.Select(column => column.Name)],
                [.. table.Columns.Select(column => !column.IsText)],
                row => table.Columns.Select(column => table.Number(row, column.Name) is { } number ? NumberText.Short(number) : table.Text(row, column.Name) ?? ""));
        }

        string[] axes = AxesOf(table);
        return new Layout(
            [.. axes.Select(AxisCatalog.Label).Concat(Shown.Select(metric => metric.Title))],
            [.. axes.Select(_ => false).Concat(Shown.Select(_ => true))],
            row => axes.Select(axis => table.Text(row, axis) ?? "").Concat(Shown.Select(metric => Cell(table, row, metric))));
    }

    private static string Cell(ResultTable table, int row, (string Metric, string Title, double Factor) metric)
    {
        if (table.Number(row, metric.Metric) is not { } value)
        {
            return "–";
        }

        double? half = (table.Number(row, $"{metric.Metric}_high") - table.Number(row, $"{metric.Metric}_low")) / 2;
        return NumberText.WithError(value * metric.Factor, (half ?? 0) * metric.Factor);
    }

    // Evidence is a column only where it tells rows apart.
    private static string[] AxesOf(ResultTable table) => [.. table.Columns.Select(column => column.Name)
        .Where(name => (Axes.Contains(name) || name == "evidence") && table.Distinct(name).Count > (name == "run" ? 0 : 1))];

    private static IEnumerable<int> Rows(ResultTable table) => Enumerable.Range(0, Math.Min(MaxRows, table.Rows.Count));

    private static string More(ResultTable table) => table.Rows.Count > MaxRows ? $"\n{table.Rows.Count - MaxRows} more rows in {table.Name}.csv.\n" : "";

    /// <summary>What a table for people shows.</summary>
    private sealed record Layout(IReadOnlyList<string> Titles, IReadOnlyList<bool> IsNumber, Func<int, IEnumerable<string>> Cells);
}
