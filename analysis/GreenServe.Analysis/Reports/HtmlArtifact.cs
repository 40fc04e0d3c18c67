using System.Globalization;
using System.Text;
using GreenServe.Analysis.Artifacts;
using GreenServe.Analysis.Reports.Interactive;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Reports;

/// <summary>An artifact on the page: question, figure, words, tables, how it was made.</summary>
internal static class HtmlArtifact
{
    // The caption's file has every rule.
    private const int MaxWindows = 2;

    private const string Folder = ArtifactCaption.Folder;

    /// <summary>Appends one artifact to the page.</summary>
    /// <param name="page">The page.</param>
    /// <param name="data">Takes the figure and the tables.</param>
    /// <param name="caption">The artifact.</param>
    /// <param name="before">The artifact before it; <c>null</c> for the first.</param>
    /// <param name="tables">Those of its tables that no artifact before it has shown.</param>
    /// <param name="content">The report.</param>
    internal static void Append(
        StringBuilder page,
        PageData data,
        ArtifactCaption caption,
        ArtifactCaption? before,
        IEnumerable<ResultTable> tables,
        ReportContent content)
    {
        page.Append("<section class=\"artifact\" id=\"").Append(HtmlText.Escape(caption.Name)).Append("\"><h3>")
            .Append(HtmlText.Escape(caption.Title)).Append(' ')
            .AppendJoin(' ', caption.Evidence.Select(HtmlTable.Badge)).Append("</h3>\n<p class=\"question\">")
            .Append(HtmlGlossary.Linked(caption.Question)).Append("</p>\n");
        HtmlFigure.Append(
            page, data, caption.Name, CommonNotes.Shortened(caption.Figure), content.Pictures.GetValueOrDefault(caption.Name));
        foreach (ResultTable table in tables.Where(table => table.Rows.Count <= HtmlTable.MaxRows))
        {
            HtmlTable.Append(
                page, data, table, $"table-{table.Name}", $"Table: {table.Name}", $"{caption.Title}: {table.Name}",
                $"{Folder}/{Uri.EscapeDataString(table.Name)}.csv");
        }

        AppendOrigin(page, caption, before);
        AppendFiles(page, caption, content.Files);
        page.Append("</section>\n");
    }

    private static void AppendOrigin(StringBuilder page, ArtifactCaption caption, ArtifactCaption? before)
    {
        page.Append("<details class=\"made\"><summary>How it was made</summary><p>");
        if (before is not null && ReportText.Origin(before) == ReportText.Origin(caption))
        {
            page.Append("Of the same runs as <a href=\"#").Append(HtmlText.File(before.Name)).Append("\">")
                .Append(HtmlText.Escape(before.Title)).Append("</a>.</p></details>\n");
            return;
        }

        string windows = string.Join("; ", caption.Windows.Take(MaxWindows));
        int more = caption.Windows.Count - MaxWindows;
        page.Append(HtmlText.Escape(ReportText.Origin(caption))).Append("</p><p>Window: ").Append(HtmlText.Escape(windows))
            .Append(more > 0 ? $"; and {more.ToString(CultureInfo.InvariantCulture)} more" : "").Append(". Seeds ")
            .AppendJoin(", ", caption.Seeds).Append("; suite ").Append(HtmlText.Escape(string.Join(", ", caption.SuiteVersions)))
            .Append("; the JSON file has the SHA-256 of each workload.</p></details>\n");
    }

    private static void AppendFiles(StringBuilder page, ArtifactCaption caption, IReadOnlySet<string> existing)
    {
        (string File, string Text)[] files =
        [
            .. caption.Tables.Select(table => (table, table)), ($"{caption.Name}.png", "PNG"), ($"{caption.Name}.svg", "SVG"),
            ($"{caption.Name}.column.svg", "SVG for a column"), ($"{caption.Name}.tex", "LaTeX"), ($"{caption.Name}.md", "Markdown"),
            ($"{caption.Name}.json", "JSON"),
        ];
        page.Append("<p class=\"files\">Files: ").Append(HtmlText.ArtifactLinks(files.Where(file => existing.Contains(file.File))))
            .Append("</p>\n");
    }
}
