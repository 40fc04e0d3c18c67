using System.Net;
using System.Text;
using GreenServe.Analysis.Artifacts;
using GreenServe.Analysis.Claims;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Reports;

/// <summary>The index page as HTML.</summary>
public static class HtmlReport
{
    private const string Style = """
        body{font:16px/1.5 system-ui,sans-serif;max-width:62rem;margin:0 auto;padding:1rem;color:#1f2328;background:#fff}
        img{max-width:100%;height:auto;background:#fff}figure{margin:0 0 1rem}table{border-collapse:collapse;font-size:.9rem}
        th,td{border:1px solid #d0d7de;padding:.3rem .5rem;text-align:left;vertical-align:top}.pass{color:#006b3f}.fail{color:#b00020}
        @media (prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}a{color:#6cb6ff}.pass{color:#56d364}.fail{color:#ff7b72}}
        """;

    /// <summary>Writes the page.</summary>
    public static string Of(IReadOnlyList<ArtifactCaption> captions, IReadOnlyList<ClaimResult> results)
    {
        StringBuilder page = new();
        page.Append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
            .Append("<title>GreenServe: figures, tables and claims</title><style>").Append(Style).Append("</style></head><body>\n<main>\n")
            .Append("<h1>GreenServe: figures, tables and claims</h1>\n<p>").Append(Escape(ReportText.Evidence(captions))).Append("</p>\n<p>Claims: ")
            .Append(Escape(ReportText.ClaimCounts(results))).Append("</p>\n<h2>Figures</h2>\n");
        foreach (ArtifactCaption caption in captions)
        {
            AppendArtifact(page, caption);
        }

        AppendClaims(page, results);
        page.Append("<h2>Limits</h2>\n<ul>\n");
        foreach (string limit in ReportText.Limits(captions))
        {
            page.Append("<li>").Append(Escape(limit)).Append("</li>\n");
        }

        return page.Append("</ul>\n</main>\n</body></html>\n").ToString();
    }

    private static void AppendArtifact(StringBuilder page, ArtifactCaption caption)
    {
        string stem = $"{AnalysisOutput.ArtifactsFolder}/{Uri.EscapeDataString(caption.Name)}";
        page.Append("<section id=\"").Append(Escape(caption.Name)).Append("\">\n<h3>").Append(Escape(caption.Title)).Append("</h3>\n<p>")
            .Append(Escape(caption.Question)).Append("</p>\n<figure><img src=\"").Append(stem).Append(".svg\" alt=\"")
            .Append(Escape(caption.Figure.TextAlternative)).Append("\"><figcaption>Evidence: <strong>").Append(Escape(string.Join(", ", caption.Evidence)))
            .Append("</strong>. ").Append(Escape(ReportText.Setting(caption))).Append(" Tables: ")
            .AppendJoin(", ", caption.Tables.Select(table =>
                $"<a href=\"{AnalysisOutput.ArtifactsFolder}/{Uri.EscapeDataString(table)}\">{Escape(table)}</a>"))
            .Append("; figure: <a href=\"").Append(stem).Append(".png\">PNG</a></figcaption></figure>\n</section>\n");
    }

    private static void AppendClaims(StringBuilder page, IReadOnlyList<ClaimResult> results)
    {
        page.Append("<h2>Claims</h2>\n<table>\n<thead><tr><th>Claim</th><th>Evidence</th><th>Result</th><th>Found</th><th>Bound</th><th>Source</th></tr></thead>\n<tbody>\n");
        foreach (ClaimResult result in results.Where(result => ReportText.IsShown(result, results)))
        {
            string style = result.Verdict switch { ClaimVerdict.Pass => "pass", ClaimVerdict.Fail => "fail", _ => "open" };
            page.Append("<tr id=\"claim-").Append(Escape(result.Claim.Id)).Append("\"><td>").Append(Escape(result.Claim.Statement)).Append("</td><td>")
                .Append(EnumText.Of(result.Evidence)).Append("</td><td class=\"").Append(style).Append("\">").Append(Escape(result.VerdictText))
                .Append("</td><td>").Append(Escape(ReportText.Found(result))).Append("</td><td>").Append(Escape(result.Claim.Bound?.ToString() ?? ""))
                .Append("</td><td>").Append(Escape(result.Claim.Source)).Append(" (").Append(ReportText.Reading(result.Claim.SourceRead)).Append(")</td></tr>\n");
        }

        page.Append("</tbody></table>\n");
    }

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
