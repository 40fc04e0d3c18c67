using System.Globalization;
using System.Text;
using GreenServe.Analysis.Answers;
using GreenServe.Analysis.Artifacts;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Reports;

/// <summary>The report: one HTML file that needs no network and no other file, the answer first.</summary>
internal static class HtmlReport
{
    private const string Title = "GreenServe report";

    /// <summary>Writes the report as an HTML page.</summary>
    internal static string Of(ReportContent content)
    {
        StringBuilder page = new();
        HtmlPage.AppendStart(page, Title, "answer", "Skip to the answer");
        AppendContents(page, content);
        page.Append("<main>\n");
        AppendAnswer(page, content);
        AppendAdvices(page, content.Advices);
        page.Append("<section id=\"artifacts\"><h2>Artifacts</h2>\n<p>Every figure is drawn from the CSV named under it. ")
            .Append("Hover over a point for its exact numbers and interval; press a series' name to hide it.</p>\n");
        HashSet<string> shown = [];
        foreach (ArtifactCaption caption in content.Captions)
        {
            HtmlArtifact.Append(page, caption, [.. caption.Tables.Where(shown.Add).Select(table => content.Tables[table])], content);
        }

        page.Append("</section>\n");
        HtmlClaims.Append(page, content.Claims);
        AppendLimits(page, content);
        HtmlPage.AppendEnd(page, content.Captions.ToDictionary(caption => caption.Name, caption => caption.Figure));
        return page.ToString();
    }

    private static void AppendContents(StringBuilder page, ReportContent content)
    {
        page.Append("<nav aria-label=\"Contents\"><details open><summary>Contents</summary><ul>")
            .Append("<li><a href=\"#answer\">Answer and verdict</a></li>")
            .Append(content.Advices.Count > 0 ? "<li><a href=\"#advice\">Advice</a></li>" : "")
            .Append("<li><a href=\"#artifacts\">Artifacts</a><ul>");
        foreach (ArtifactCaption caption in content.Captions)
        {
            page.Append("<li><a href=\"#").Append(HtmlText.File(caption.Name)).Append("\">")
                .Append(HtmlText.Escape(caption.Title)).Append("</a></li>");
        }

        page.Append("</ul></li><li><a href=\"#claims\">Claims</a></li><li><a href=\"#limits\">Limits</a></li></ul></details></nav>\n");
    }

    private static void AppendAnswer(StringBuilder page, ReportContent content)
    {
        page.Append("<section id=\"answer\"><h2>Answer</h2>\n<p class=\"question\">")
            .Append(content.Findings.Count > 0
                ? "What does a token cost on this server, at which load, within which latency?"
                : "For these inputs, this model and this SLO, which setting of the knobs serves the tokens for the fewest joules?")
            .Append("</p>\n");
        foreach (Headline headline in ReportHeadlines.Of(content))
        {
            page.Append("<p class=\"headline\">").Append(HtmlTable.Badge(headline.Evidence)).Append(' ')
                .Append(HtmlText.Escape(headline.Text)).Append("</p>\n");
        }

        if (content.Answers.Count == 0 && content.Findings.Count == 0)
        {
            page.Append("<p class=\"headline\">No answer: none of these records varies a setting that could be chosen, ")
                .Append("such as a clock, a batch limit or a model.</p>\n");
        }
        else if (content.Answers.Count > 0)
        {
            page.Append("<div class=\"chooser\" id=\"chooser\" hidden></div>\n")
                .Append("<p>Default: most GPUs, highest clock and power cap, bf16, the largest batch limit, and the first value of any ")
                .Append("other knob. Savings are against the default on as many GPUs.</p>\n")
                .Append("<details id=\"every-answer\"><summary>Every answer as a table</summary>\n");
            HtmlTable.Append(
                page, AnswerTable.Of(content.Answers), AnswerTable.Name, "Least-energy setting for each question");
            page.Append("</details><p class=\"files\">Files: <a href=\"").Append(AnswerTable.Name).Append(".csv\">")
                .Append(AnswerTable.Name).Append(".csv</a></p>\n");
        }

        page.Append("<h3 id=\"verdict\">Verdict</h3>\n<ul>\n<li>").Append(HtmlText.Escape(ReportText.Runs(content.Captions)))
            .Append("</li>\n<li>Claims: ").Append(HtmlText.Escape(ReportText.ClaimCounts(content.Claims))).Append(".</li>\n<li>")
            .Append(HtmlText.Escape(ReportText.Evidence(content.Captions))).Append("</li>\n</ul></section>\n");
    }

    private static void AppendAdvices(StringBuilder page, IReadOnlyList<AdviceLink> advices)
    {
        if (advices.Count == 0)
        {
            return;
        }

        page.Append("<section id=\"advice\"><h2>Advice</h2>\n");
        foreach (AdviceLink advice in advices)
        {
            page.Append("<p class=\"headline\">").Append(HtmlTable.Badge(advice.Headline.Evidence)).Append(' ')
                .Append(HtmlText.Escape(advice.Headline.Text)).Append(" <a href=\"").Append(HtmlText.Escape(advice.Address))
                .Append("\">Finalists, front and sensitivity</a></p>\n");
        }

        page.Append("</section>\n");
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

        page.Append(reasons.Length == 0 ? "<li>Nothing: every metric of every artifact has a number.</li>\n" : "")
            .Append("</ul>\n</section>\n");
    }

    private static IEnumerable<string> NotMeasured(ResultTable table) =>
    [
        .. Reasons(table, StandardColumns.NotMeasured, "not measured"),
        .. Reasons(table, StandardColumns.Invalid, "INVALID and left out"),
    ];

    /// <summary>
    /// The reasons that a column lists, each with the number of rows that give it; none where the table lacks the column.
    /// </summary>
    private static IEnumerable<string> Reasons(ResultTable table, TextColumn column, string kind)
    {
        if (!table.Has(column))
        {
            return [];
        }

        string rows = table.Rows.Count.ToString(CultureInfo.InvariantCulture);
        bool hasEvidence = table.Has(StandardColumns.Evidence);
        return table.Rows.Where(row => row[column] is not null)
            .SelectMany(row => row[column]!.Split("; ")
                .Select(reason => (Evidence: (hasEvidence ? row[StandardColumns.Evidence] : null) ?? "", Reason: reason)))

            // Reasons that differ only in their numbers are one reason.
            .GroupBy(one => (one.Evidence, string.Concat(one.Reason.Where(letter => !char.IsAsciiDigit(letter)))))
            .Select(group => $"{table.Name}, {group.Key.Evidence}: {group.Count().ToString(CultureInfo.InvariantCulture)} of {rows} rows "
                + $"{kind}: {group.First().Reason}"
                + (group.Select(one => one.Reason).Distinct().Count() > 1 ? " (numbers differ from row to row)" : ""));
    }
}
