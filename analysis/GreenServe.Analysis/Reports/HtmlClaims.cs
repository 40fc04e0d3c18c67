using System.Globalization;
using System.Text;
using GreenServe.Analysis.Claims;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Reports.Interactive;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Analysis.Reports;

/// <summary>The claims on the page: what each evidence kind says of them, never together.</summary>
internal static class HtmlClaims
{
    /// <summary>Id of the section.</summary>
    internal const string Id = "claims";

    private const string File = $"{ClaimTable.Name}.csv";

    private static readonly PageColumn[] Columns =
    [
        new("Claim", "statement"), new("Result", "verdict"), new("Found", "value"), new("Bound", "bound"), new("Subject", "subject"),
        new("Source", "source"),
    ];

    /// <summary>Appends a part for each evidence kind.</summary>
    internal static void Append(StringBuilder page, PageData data, IReadOnlyList<ClaimResult> results)
    {
        page.Append("<section id=\"").Append(Id).Append("\"><h2>Claims</h2>\n<p>Statements of papers, each held against the tables by a ")
            .Append("query. Bounds come from the source and were fixed before any run. Every result with its rationale: <a href=\"")
            .Append(File).Append("\">").Append(File).Append("</a>.</p>\n");
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
            page.Append("<h3 id=\"claims-").Append(kind).Append("\">").Append(HtmlTable.Badge(kind)).Append(' ')
                .Append(HtmlText.Escape(ReportText.ClaimCount(part))).Append("</h3>\n");
            AppendTable(page, data, tested, $"claims-{kind}-tested", $"tested on {kind} evidence");
            AppendTable(page, data, open, $"claims-{kind}-open", $"not tested on {kind} evidence, and why");
        }

        page.Append("</section>\n");
    }

    private static void AppendTable(StringBuilder page, PageData data, ClaimResult[] results, string id, string what)
    {
        if (results.Length > 0)
        {
            string count = results.Length.ToString(CultureInfo.InvariantCulture);
            PageTable table = new($"Claims {what}", Columns, [.. results.Select(Row)]);
            HtmlTable.Append(page, data, table, id, $"{count} {what}", File);
        }
    }

    private static PageCell[] Row(ClaimResult result)
    {
        Claim claim = result.Claim;
        return
        [
            new PageCell(claim.Statement) { Note = claim.Id, Style = "wide" },
            new PageCell(result.VerdictText) { Style = StyleOf(result) },
            new PageCell(ReportText.Found(result)) { Value = result.Value is { } value ? NumberText.Exact(value) : null },
            new PageCell(claim.Bound?.ToString() ?? ""),
            new PageCell(result.Subject ?? "") { Style = "subject" },
            new PageCell($"{claim.Source} ({ReportText.Reading(claim.SourceRead)})") { Style = "wide" },
        ];
    }

    // A PASS that is not counted looks like a claim that nothing tested.
    private static string StyleOf(ClaimResult result) => result.Verdict switch
    {
        ClaimVerdict.Pass when result.IsCounted => "pass",
        ClaimVerdict.Fail => "fail",
        _ => "open",
    };
}
