using System.Text;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Artifacts;

/// <summary>The main numbers of a grid as a table for people: Markdown, and LaTeX with booktabs.</summary>
internal static class TableText
{
    private const int MostRows = 60;

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
        string[] axes = AxesOf(table);
        StringBuilder text = new();
        text.Append("| ").AppendJoin(" | ", Titles(axes).Select(MarkdownText.Escape)).Append(" |\n|")
            .Append(string.Concat(axes.Select(_ => "---|"))).Append(string.Concat(Shown.Select(_ => "---:|"))).Append('\n');
        foreach (int row in Rows(table))
        {
            text.Append("| ").AppendJoin(" | ", Cells(table, row, axes).Select(MarkdownText.Escape)).Append(" |\n");
        }

        return text.Append(More(table)).ToString();
    }

    internal static string Latex(ResultTable table, ArtifactCaption caption)
    {
        string[] axes = AxesOf(table);
        StringBuilder text = new();
        text.Append("% needs \\usepackage{booktabs}\n\\begin{table}\n\\centering\n\\caption{").Append(LatexText.Escape(caption.Title)).Append(". ")
            .Append(LatexText.Escape($"{string.Join(", ", caption.Evidence)} evidence; {string.Join(", ", caption.Systems)}; {string.Join(", ", caption.Models)}. Mean ± half the 95 % interval between runs."))
            .Append("}\n\\label{tab:").Append(caption.Name).Append("}\n\\begin{tabular}{")
            .Append(new string('l', axes.Length)).Append(new string('r', Shown.Length)).Append("}\n\\toprule\n")
            .AppendJoin(" & ", Titles(axes).Select(LatexText.Escape)).Append(" \\\\\n\\midrule\n");
        foreach (int row in Rows(table))
        {
            text.AppendJoin(" & ", Cells(table, row, axes).Select(LatexText.Escape)).Append(" \\\\\n");
        }

        return text.Append("\\bottomrule\n\\end{tabular}\n\\end{table}\n").Append(table.Rows.Count > MostRows ? $"% {table.Rows.Count - MostRows} more rows in {table.Name}.csv\n" : "").ToString();
    }

    private static IEnumerable<string> Titles(string[] axes) => axes.Select(AxisCatalogue.Label).Concat(Shown.Select(metric => metric.Title));

    private static IEnumerable<string> Cells(ResultTable table, int row, string[] axes) => axes
        .Select(axis => table.Text(row, axis) ?? "")
        .Concat(Shown.Select(metric => Cell(table, row, metric)));

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

    private static IEnumerable<int> Rows(ResultTable table) => Enumerable.Range(0, Math.Min(MostRows, table.Rows.Count));

    private static string More(ResultTable table) => table.Rows.Count > MostRows ? $"\n{table.Rows.Count - MostRows} more rows in {table.Name}.csv.\n" : "";
}
