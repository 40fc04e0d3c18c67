using System.Globalization;
using System.Text;
using GreenServe.Analysis.Artifacts;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Reports;

/// <summary>The report: one HTML file that needs no network and no other file, the answer first.</summary>
/// <remarks>
/// A Content-Security-Policy lets the page's two scripts run by their hash and nothing else; it forbids every connection. Without
/// scripts the page keeps its figures, tables and texts.
/// </remarks>
internal static class HtmlReport
{
    private const string Title = "GreenServe report";

    /// <summary>Writes the page.</summary>
    internal static string Of(ReportContent content)
    {
        string script = ChartScript.Asset("report.js");
        StringBuilder page = new();
        page.Append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src ")
            .Append(ChartScript.PolicySourceOf(Encoding.UTF8.GetBytes(script))).Append(' ').Append(ChartScript.PolicySource)
            .Append("; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'\">\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<title>").Append(Title)
            .Append("</title>\n<style>").Append(ChartScript.Asset("report.css")).Append("</style></head>\n<body>\n<a class=\"skip\" href=\"#answer\">Skip to the answer</a>\n<header><h1>")
            .Append(Title).Append("</h1><button type=\"button\" id=\"theme\" hidden>Theme: system</button></header>\n<div class=\"page\">\n");
        AppendContents(page, content);
        page.Append("<main>\n");
        AppendAnswer(page, content);
        page.Append("<section id=\"artifacts\"><h2>Artifacts</h2>\n<p>Every figure is drawn from the CSV named under it. Hover over a point for its exact numbers and interval; press a series' name to hide it.</p>\n");
        HashSet<string> shown = [];
        foreach (ArtifactCaption caption in content.Captions)
        {
            HtmlArtifact.Append(page, caption, [.. caption.Tables.Where(shown.Add).Select(table => content.Tables[table])], content);
        }

        page.Append("</section>\n");
        HtmlClaims.Append(page, content.Claims);
        AppendLimits(page, content);
        return page.Append("</main></div>\n<script type=\"application/json\" id=\"figures\">")
            .Append(HtmlText.Json(content.Captions.ToDictionary(caption => caption.Name, caption => caption.Figure)))
            .Append("</script>\n<script type=\"application/gzip+base64\" id=\"plotly\">").Append(ChartScript.Compressed)
            .Append("</script>\n<script>").Append(script).Append("</script>\n</body></html>\n").ToString();
    }

    private static void AppendContents(StringBuilder page, ReportContent content)
    {
        page.Append("<nav aria-label=\"Contents\"><details open><summary>Contents</summary><ul><li><a href=\"#answer\">Answer and verdict</a></li><li><a href=\"#artifacts\">Artifacts</a><ul>");
        foreach (ArtifactCaption caption in content.Captions)
        {
            page.Append("<li><a href=\"#").Append(HtmlText.File(caption.Name)).Append("\">").Append(HtmlText.Escape(caption.Title)).Append("</a></li>");
        }

        page.Append("</ul></li><li><a href=\"#claims\">Claims</a></li><li><a href=\"#limits\">Limits</a></li></ul></details></nav>\n");
    }

    private static void AppendAnswer(StringBuilder page, ReportContent content)
    {
        page.Append("<section id=\"answer\"><h2>Answer</h2>\n<p class=\"question\">For these inputs, this model and this SLO, which setting of the knobs serves the tokens for the fewest joules?</p>\n");
        foreach ((string evidence, string text) in AnswerText.Headlines(content.Answers))
        {
            page.Append("<p class=\"headline\"><span class=\"badge ").Append(HtmlTable.Evidence(evidence)).Append("\">").Append(HtmlText.Escape(evidence)).Append("</span> ").Append(HtmlText.Escape(text)).Append("</p>\n");
        }

        if (content.Answers.Rows.Count == 0)
        {
            page.Append("<p class=\"headline\">No answer: none of these records varies tensor parallelism, clock or power cap, so there is no setting to choose.</p>\n");
        }
        else
        {
            page.Append("<div class=\"chooser\" id=\"chooser\" hidden></div>\n<p>Default: most GPUs, highest clock and cap of each grid. GPUs a setting leaves unused are not counted: "
                + "they must serve something else or be off for the saving to be real.</p>\n<details id=\"every-answer\"><summary>Every answer as a table</summary>\n");
            HtmlTable.Append(page, content.Answers, "answers", "Least-energy setting for each combination of inputs");
            page.Append("</details><p class=\"files\">Files: <a href=\"").Append(AnswerTable.Name).Append(".csv\">").Append(AnswerTable.Name).Append(".csv</a></p>\n");
        }

        page.Append("<h3 id=\"verdict\">Verdict</h3>\n<ul>\n<li>").Append(HtmlText.Escape(ReportText.Runs(content.Captions))).Append("</li>\n<li>Claims: ")
            .Append(HtmlText.Escape(ReportText.ClaimCounts(content.Claims))).Append(".</li>\n<li>").Append(HtmlText.Escape(ReportText.Evidence(content.Captions))).Append("</li>\n</ul></section>\n");
    }

    private static void AppendLimits(StringBuilder page, ReportContent content)
    {
        page.Append("<section id=\"limits\"><h2>Limits</h2>\n<ul>\n");
        foreach (string limit in ReportText.Limits(content.Captions))
        {
            page.Append("<li>").Append(HtmlText.Escape(limit)).Append("</li>\n");
        }

        page.Append("</ul>\n<h3>Not measured, and why</h3>\n<ul>\n");
        string[] reasons = [.. content.Tables.Values.SelectMany(NotMeasured).Distinct()];
        foreach (string reason in reasons)
        {
            page.Append("<li>").Append(HtmlText.Escape(reason)).Append("</li>\n");
        }

        page.Append(reasons.Length == 0 ? "<li>Nothing: every metric of every artifact has a number.</li>\n" : "").Append("</ul>\n</section>\n");
    }

    private static IEnumerable<string> NotMeasured(ResultTable table)
    {
        string rows = table.Rows.Count.ToString(CultureInfo.InvariantCulture);
        (string Column, string Kind)[] columns = [("not_measured", "not measured"), ("invalid", "INVALID and left out")];
        return columns.SelectMany(column => Enumerable.Range(0, table.Rows.Count)
            .Select(row => (Evidence: table.Text(row, "evidence") ?? "", Text: table.Text(row, column.Column) ?? ""))
            .Where(one => one.Text.Length > 0)
            .SelectMany(one => one.Text.Split("; ").Select(reason => (one.Evidence, Reason: reason)))

            // Reasons that differ only in their numbers are one reason.
            .GroupBy(one => (one.Evidence, string.Concat(one.Reason.Where(letter => !char.IsAsciiDigit(letter)))))
            .Select(group => $"{table.Name}, {group.Key.Evidence}: {group.Count().ToString(CultureInfo.InvariantCulture)} of {rows} rows {column.Kind}: "
                + $"{group.First().Reason}{(group.Select(one => one.Reason).Distinct().Count() > 1 ? " (numbers differ from row to row)" : "")}"));
    }
}
