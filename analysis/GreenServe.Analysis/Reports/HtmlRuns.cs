using System.Text;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Tables;
using GreenServe.Records.Verdicts;

namespace GreenServe.Analysis.Reports;

/// <summary>Runs that belong to no experiment: the numbers of each first. An INVALID run is shown as such and never as a result.</summary>
internal static class HtmlRuns
{
    // Beyond this a reader is better served by the table of the runs.
    private const int MaxCards = 6;

    private static readonly (string Title, MetricColumn[] Metrics)[] Numbers =
    [
        ("Energy of an output token", [MetricColumns.JoulesPerOutputToken]),
        ("Energy of a request", [MetricColumns.JoulesPerRequest]),
        ("Mean power", [MetricColumns.MeanWatts]),
        ("TTFT, p50 and p99", [MetricColumns.TtftP50, MetricColumns.TtftP99]),
        ("TBT, p50 and p99", [MetricColumns.TbtP50, MetricColumns.TbtP99]),
        ("Output", [MetricColumns.OutputTokensPerSecond]),
    ];

    /// <summary>The table of the runs; <c>null</c> where every run belongs to an experiment.</summary>
    internal static ResultTable? TableOf(ReportContent content) => content.Tables.GetValueOrDefault($"{RunsTable.Name}.csv");

    /// <summary>Appends the runs.</summary>
    internal static void Append(StringBuilder page, ResultTable table)
    {
        TableRow[] invalid = [.. table.Rows.Where(row => !IsValid(row))];
        if (invalid.Length > 0 && table.Rows.Count > 1)
        {
            string count = FormattableString.Invariant($"{invalid.Length} of {table.Rows.Count} runs are INVALID");
            page.Append("<p class=\"fail\">").Append(count).Append(": their numbers are no results.</p>\n");
        }

        foreach (TableRow row in table.Rows.Count > MaxCards ? invalid.Take(MaxCards) : table.Rows)
        {
            AppendCard(page, table, row);
        }
    }

    private static void AppendCard(StringBuilder page, ResultTable table, TableRow row)
    {
        bool isValid = IsValid(row);
        string verdict = row[StandardColumns.Verdict] ?? "INVALID: it has no verdict";
        page.Append("<article class=\"run ").Append(isValid ? "valid" : "invalid").Append("\"><h3>")
            .Append(HtmlTable.Badge(row[StandardColumns.Evidence] ?? "")).Append(' ')
            .Append(HtmlText.Escape(row[StandardColumns.Run] ?? "")).Append("</h3>\n<p class=\"verdict\">")
            .Append(HtmlGlossary.Linked(verdict)).Append(isValid ? "" : ". What it read is struck out: it is no result.")
            .Append("</p>\n<p class=\"question\">").Append(HtmlText.Escape(SetupOf(row))).Append("</p>\n<dl class=\"numbers\">");
        foreach ((string title, MetricColumn[] metrics) in Numbers)
        {
            page.Append("<div><dt>").Append(HtmlText.Escape(title)).Append("</dt><dd>");
            if (metrics.All(metric => row[metric.Mean] is null))
            {
                page.Append("<small>not measured</small></dd></div>");
                continue;
            }

            string text = string.Join(" and ", metrics.Select(metric => Text(metric, row)));
            page.Append(isValid ? HtmlText.Escape(text) : $"<s>{HtmlText.Escape(text)}</s>");
            if (isValid && metrics is [var only] && only.BandOf(row, table) is ({ } low, { } high))
            {
                (double factor, string unit) = only.Display([row[only.Mean]!.Value]);
                page.Append("<small>80 % of measurements: ").Append(HtmlText.Escape(
                    $"{NumberText.Of(low * factor)} to {NumberText.Of(high * factor)} {unit}")).Append("</small>");
            }

            page.Append("</dd></div>");
        }

        page.Append("</dl></article>\n");
    }

    private static bool IsValid(TableRow row) => row[StandardColumns.Verdict] == RunVerdict.Valid.ToString();

    private static string SetupOf(TableRow row)
    {
        string model = $"{row[StandardColumns.Model]} ({KnobText.InWords(row[StandardColumns.Precision])})";
        return string.Join(", ", new[]
        {
            model, row[StandardColumns.System], row[StandardColumns.Engine], $"workload {row[StandardColumns.Workload]}",
        }.OfType<string>());
    }

    private static string Text(MetricColumn metric, TableRow row)
    {
        if (row[metric.Mean] is not { } value)
        {
            return "not measured";
        }

        (double factor, string unit) = metric.Display([value]);
        return $"{NumberText.Of(value * factor)} {unit}".Trim();
    }
}
