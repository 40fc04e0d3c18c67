using System.Text;
using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Reports.Interactive;
using GreenServe.Records.Documents;

namespace GreenServe.Analysis.Reports;

/// <summary>What every page of the suite begins and ends with: look, script and policy. A page is one file and needs no network.</summary>
/// <remarks>
/// A Content-Security-Policy lets the page's two scripts run by their hash and nothing else; it forbids every connection. Figures, tables
/// and settings stand in the page compressed, and its script unpacks them. Without scripts the page keeps its texts, shows the pictures
/// that lie beside it and links to the CSV files.
/// </remarks>
internal static class HtmlPage
{
    /// <summary>Appends everything up to the content.</summary>
    /// <param name="page">The page.</param>
    /// <param name="title">Title of the page.</param>
    /// <param name="start">Id of the element that a reader wants first.</param>
    /// <param name="skip">Words of the link to it, for readers who use the keyboard.</param>
    internal static void AppendStart(StringBuilder page, string title, string start, string skip)
    {
        // Files beside the page are pictures for readers without scripts.
        string policy = $"default-src 'none'; script-src {PageScript.PolicySource} {ChartScript.PolicySource}; "
            + "style-src 'unsafe-inline'; img-src 'self' data: blob:; base-uri 'none'; form-action 'none'";
        string safe = HtmlText.Escape(title);
        page.Append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n")
            .Append("<meta http-equiv=\"Content-Security-Policy\" content=\"").Append(policy).Append("\">\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
            .Append("<meta name=\"color-scheme\" content=\"light dark\">\n<title>").Append(safe).Append("</title>\n<style>")
            .Append(ChartScript.Asset("report.css")).Append("</style>\n")
            .Append("<noscript><style>.scripted{display:none!important}</style></noscript></head>\n<body>\n<a class=\"skip\" href=\"#")
            .Append(HtmlText.Escape(start)).Append("\">").Append(HtmlText.Escape(skip)).Append("</a>\n<header><h1>").Append(safe)
            .Append("</h1><a class=\"to-contents\" href=\"#contents\">Contents</a>")
            .Append("<button type=\"button\" id=\"theme\" class=\"scripted\">Theme: system</button></header>\n")
            .Append("<div class=\"page\">\n<main>\n");
    }

    /// <summary>Appends everything after the content.</summary>
    /// <param name="page">The page.</param>
    /// <param name="data">What the parts of the page have added for the script.</param>
    /// <param name="contents">The sections of the page, for its list of contents.</param>
    internal static void AppendEnd(StringBuilder page, PageData data, IReadOnlyList<PageSection> contents)
    {
        page.Append("</main>\n<nav id=\"contents\" aria-label=\"Contents\"><strong>Contents</strong>\n");
        AppendContents(page, contents);
        page.Append("</nav></div>\n");
        if (data.Questions is { } questions)
        {
            AppendData(page, "questions", questions);
        }

        if (data.Tables.Count > 0)
        {
            AppendData(page, "tables", data.Tables);
        }

        AppendData(page, "figures", new FigureData(data.Figures, DarkPalette.For(data.Figures.Values)));
        AppendData(page, "pictures", data.Pictures);
        AppendPacked(page, "plotly", ChartScript.Compressed);
        page.Append("<script>").Append(PageScript.Text).Append("</script>\n</body></html>\n");
    }

    private static void AppendContents(StringBuilder page, IReadOnlyList<PageSection> contents)
    {
        page.Append("<ul>");
        foreach (PageSection section in contents)
        {
            page.Append("<li><a href=\"#").Append(HtmlText.File(section.Id)).Append("\">")
                .Append(HtmlText.Escape(section.Title)).Append("</a>");
            if (section.Parts.Count > 0)
            {
                AppendContents(page, section.Parts);
            }

            page.Append("</li>");
        }

        page.Append("</ul>\n");
    }

    private static void AppendData<T>(StringBuilder page, string id, T data) =>
        AppendPacked(page, id, PageScript.Pack(DocumentContract.Canonical(data)));

    private static void AppendPacked(StringBuilder page, string id, string packed) => page
        .Append("<script type=\"application/gzip+base64\" id=\"packed-").Append(id).Append("\">").Append(packed).Append("</script>\n");
}

/// <summary>The figures of a page as its script reads them.</summary>
/// <param name="Figures">The figures by their names.</param>
/// <param name="DarkColors">What stands for each of their colours on a dark page.</param>
internal sealed record FigureData(IReadOnlyDictionary<string, Figure> Figures, IReadOnlyDictionary<string, string> DarkColors);

/// <summary>A line of a page's list of contents.</summary>
/// <param name="Id">Id of the element that it leads to.</param>
/// <param name="Title">Its words.</param>
internal sealed record PageSection(string Id, string Title)
{
    /// <summary>The sections within it.</summary>
    internal IReadOnlyList<PageSection> Parts { get; init; } = [];
}
