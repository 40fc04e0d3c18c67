using System.Globalization;
using System.Text;
using GreenServe.Analysis.Claims;
using GreenServe.Analysis.Formatting;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Analysis.Reports;

/// <summary>The claims on the page: what each evidence kind says of them, never together.</summary>
internal static class HtmlClaims
{
    private static readonly string[] Columns = ["Claim", "Result", "Found", "Bound", "Subject", "Source"];

    /// <summary>Appends a part for each evidence kind.</summary>
    internal static void Append(StringBuilder page, IReadOnlyList<ClaimResult> results)
    {
        page.Append("<section id=\"claims\"><h2>Claims</h2>\n<p>Statements of papers, each held against the tables by a query. "
            + "Bounds come from the source and were fixed before any run. Every result: <a href=\"claims.csv\">claims.csv</a>.</p>\n");
        foreach (EvidenceKind evidence in Enum.GetValues<EvidenceKind>())
        {
            string kind = EnumText.Of(evidence);
            ClaimResult[] part = [.. results.Where(result => result.Evidence == evidence)];
            if (evidence == EvidenceKind.Estimated && part.Length == 0)
            {
                continue;
            }

            ClaimResult[] tested = [.. part.Where(result => result.Verdict != ClaimVerdict.NotTested)];
            ClaimResult[] open = [.. part.Where(result => result.Verdict == ClaimVerdict.NotTested)];
            page.Append("<h3 id=\"claims-").Append(kind).Append("\"><span class=\"badge ").Append(kind).Append("\">").Append(kind)
                .Append("</span> ").Append(HtmlText.Escape(ReportText.ClaimCount(part))).Append("</h3>\n");
            if (tested.Length > 0)
            {
                AppendTable(page, tested, $"claims-{kind}-tested", $"Claims tested on {kind} evidence");
            }

            if (open.Length > 0)
            {
                page.Append("<details><summary>").Append(open.Length.ToString(CultureInfo.InvariantCulture)).Append(" not tested on ")
                    .Append(kind).Append(" evidence, and why</summary>\n");
                AppendTable(page, open, $"claims-{kind}-open", $"Claims not tested on {kind} evidence");
                page.Append("</details>\n");
            }
        }

        page.Append("</section>\n");
    }

    private static void AppendTable(StringBuilder page, ClaimResult[] results, string id, string caption)
    {
        HtmlTable.AppendStart(page, id, caption, results.Length, Columns.Select(column => (column, column)));
        foreach (ClaimResult result in results)
        {
            AppendRow(page, result);
        }

        page.Append("</tbody></table></div></div>\n");
    }

    private static void AppendRow(StringBuilder page, ClaimResult result)
    {
        Claim claim = result.Claim;
        page.Append("<tr data-claim=\"").Append(HtmlText.Escape(claim.Id)).Append("\"><td class=\"wide\">")
            .Append(HtmlText.Escape(claim.Statement)).Append("<details><summary>").Append(HtmlText.Escape(claim.Id)).Append("</summary>")
            .Append(HtmlText.Escape(claim.Rationale)).Append(" Calibration: ").Append(HtmlText.Escape(claim.UsedInCalibration.Why))
            .Append("</details></td><td class=\"").Append(StyleOf(result)).Append("\">").Append(HtmlText.Escape(result.VerdictText))
            .Append("</td><td");
        if (result.Value is { } value)
        {
            page.Append(" data-v=\"").Append(NumberText.Exact(value)).Append('"');
        }

        page.Append('>').Append(HtmlText.Escape(ReportText.Found(result))).Append("</td><td>")
            .Append(HtmlText.Escape(claim.Bound?.ToString() ?? "")).Append("</td><td class=\"subject\">")
            .Append(HtmlText.Escape(result.Subject ?? "")).Append("</td><td class=\"wide\">").Append(HtmlText.Escape(claim.Source))
            .Append(" (").Append(ReportText.Reading(claim.SourceRead)).Append(")</td></tr>\n");
    }

    // A PASS that is not counted looks like a claim that nothing tested.
    private static string StyleOf(ClaimResult result) => result.Verdict switch
    {
        ClaimVerdict.Pass when result.IsCounted => "pass",
        ClaimVerdict.Fail => "fail",
        _ => "open",
    };
}
