using System.Globalization;
using System.Text;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Reports;

/// <summary>What a reader must know before trusting the numbers of a report, and what it does not hold and why.</summary>
internal static class HtmlLimits
{
    /// <summary>Id of the section.</summary>
    internal const string Id = "limits";

    /// <summary>Appends the section.</summary>
    internal static void Append(StringBuilder page, ReportContent content)
    {
        page.Append("<section id=\"").Append(Id).Append("\"><h2>Limits</h2>\n<ul>\n");
        foreach (string limit in ReportText.Limits(content.Captions, content.Claims.Count > 0))
        {
            page.Append("<li>").Append(HtmlGlossary.Linked(limit)).Append("</li>\n");
        }

        page.Append("</ul>\n");
        MissingReason[] reasons = [.. MissingReason.AllOf(content.Tables.Values)];
        if (reasons.Length == 0)
        {
            page.Append("<p>Every metric of every artifact has a number.</p>\n</section>\n");
            return;
        }

        page.Append("<details id=\"not-measured\"><summary>Not measured, and why: ")
            .Append(reasons.Length.ToString(CultureInfo.InvariantCulture)).Append(reasons.Length == 1 ? " reason" : " reasons")
            .Append("</summary>\n<div class=\"pinned\">");
        HtmlTable.AppendStart(
            page, "table-not-measured", "Not measured, and why", reasons.Length,
            new[] { "Reason", "Evidence", "What is missing", "Points", "Artifacts" }.Select(title => (title, title)));
        foreach (MissingReason reason in reasons)
        {
            AppendRow(page, reason);
        }

        page.Append("</tbody></table></div></div></div></details>\n</section>\n");
    }

    private static void AppendRow(StringBuilder page, MissingReason reason)
    {
        string points = reason.Points.ToString(CultureInfo.InvariantCulture);
        page.Append("<tr><td class=\"wide\">").Append(HtmlText.Escape(reason.Text)).Append("</td><td class=\"")
            .Append(HtmlTable.Evidence(reason.Evidence)).Append("\">").Append(HtmlText.Escape(reason.Evidence))
            .Append("</td><td class=\"wide\">")
            .Append(HtmlText.Escape(reason.Missing)).Append("</td><td data-v=\"").Append(points).Append("\">").Append(points)
            .Append("</td><td class=\"wide\">").Append(HtmlText.Escape(string.Join(", ", reason.Tables))).Append("</td></tr>\n");
    }
}

/// <summary>A reason for which numbers are missing, with everything that lacks them.</summary>
/// <param name="Text">The reason.</param>
/// <param name="Evidence">Evidence kind of the points; empty where their tables do not say it.</param>
/// <param name="Missing">What the points lack.</param>
/// <param name="Points">Number of points.</param>
/// <param name="Tables">Names of their tables, in the order of the report.</param>
internal sealed record MissingReason(string Text, string Evidence, string Missing, int Points, IReadOnlyList<string> Tables)
{
    private const string LeftOut = "everything: INVALID and left out";

    /// <summary>Every reason of some tables. Reasons that differ only in their numbers are one.</summary>
    internal static IEnumerable<MissingReason> AllOf(IEnumerable<ResultTable> tables) => tables
        .SelectMany(table => In(table, StandardColumns.NotMeasured).Concat(In(table, StandardColumns.Invalid)))
        .GroupBy(one => (one.Evidence, one.Missing, Pattern: string.Concat(one.Reason.Where(letter => !char.IsAsciiDigit(letter)))))
        .Select(group => new MissingReason(
            group.First().Reason + (group.Select(one => one.Reason).Distinct().Count() > 1 ? " (numbers differ between points)" : ""),
            group.Key.Evidence,
            group.Key.Missing,
            group.Count(),
            [.. group.Select(one => one.Table).Distinct()]));

    private static IEnumerable<(string Table, string Evidence, string Missing, string Reason)> In(ResultTable table, TextColumn column)
    {
        if (!table.Has(column))
        {
            yield break;
        }

        bool isLeftOut = column.Equals(StandardColumns.Invalid);
        bool hasEvidence = table.Has(StandardColumns.Evidence);
        foreach (TableRow row in table.Rows)
        {
            string evidence = (hasEvidence ? row[StandardColumns.Evidence] : null) ?? "";
            foreach (string entry in row[column]?.Split("; ") ?? [])
            {
                // An entry of not_measured is "metric, metric: reason".
                int end = isLeftOut ? -1 : entry.IndexOf(": ", StringComparison.Ordinal);
                yield return end < 0
                    ? (table.Name, evidence, isLeftOut ? LeftOut : "", entry)
                    : (table.Name, evidence, entry[..end], entry[(end + 2)..]);
            }
        }
    }
}
