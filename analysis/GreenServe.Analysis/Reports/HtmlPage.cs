using System.Text;
using GreenServe.Analysis.Figures;

namespace GreenServe.Analysis.Reports;

/// <summary>What every page of the suite begins and ends with: look, script and policy. A page is one file and needs no network.</summary>
/// <remarks>
/// A Content-Security-Policy lets the page's two scripts run by their hash and nothing else; it forbids every connection. Without
/// scripts the page keeps its figures, tables and texts.
/// </remarks>
internal static class HtmlPage
{
    private const string Script = "report.js";

    /// <summary>Appends everything up to the content.</summary>
    /// <param name="page">The page.</param>
    /// <param name="title">Title of the page.</param>
    /// <param name="start">Id of the element that a reader wants first.</param>
    /// <param name="skip">Words of the link to it, for readers who use the keyboard.</param>
    internal static void AppendStart(StringBuilder page, string title, string start, string skip)
    {
        string own = ChartScript.PolicySourceOf(Encoding.UTF8.GetBytes(ChartScript.Asset(Script)));
        string policy = $"default-src 'none'; script-src {own} {ChartScript.PolicySource}; "
            + "style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'";
        string safe = HtmlText.Escape(title);
        page.Append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n")
            .Append("<meta http-equiv=\"Content-Security-Policy\" content=\"").Append(policy).Append("\">\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
            .Append("<meta name=\"color-scheme\" content=\"light dark\">\n<title>").Append(safe).Append("</title>\n<style>")
            .Append(ChartScript.Asset("report.css")).Append("</style></head>\n<body>\n<a class=\"skip\" href=\"#")
            .Append(HtmlText.Escape(start)).Append("\">").Append(HtmlText.Escape(skip)).Append("</a>\n<header><h1>").Append(safe)
            .Append("</h1><button type=\"button\" id=\"theme\" hidden>Theme: system</button></header>\n<div class=\"page\">\n");
    }

    /// <summary>Appends everything after the content.</summary>
    /// <param name="page">The page.</param>
    /// <param name="figures">The figures of the page as data, by the names under which they stand on it.</param>
    internal static void AppendEnd(StringBuilder page, IReadOnlyDictionary<string, Figure> figures) =>
        page.Append("</main></div>\n<script type=\"application/json\" id=\"figures\">").Append(HtmlText.Json(figures))
            .Append("</script>\n<script type=\"application/gzip+base64\" id=\"plotly\">").Append(ChartScript.Compressed)
            .Append("</script>\n<script>").Append(ChartScript.Asset(Script)).Append("</script>\n</body></html>\n");
}
