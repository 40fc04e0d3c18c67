using System.Text;
using GreenServe.Analysis.Artifacts;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Reports;

/// <summary>An artifact on the page: question, figure, words, tables, how it was made.</summary>
internal static class HtmlArtifact
{
    // Beyond this a table is data for machines: its CSV is linked.
    private const int MaxRows = 1000;

    // Digits of a SHA-256 that tell workloads apart; the caption's file has all of them.
    private const int ShownHashDigits = 12;

    private const string Folder = ArtifactCaption.Folder;

    /// <summary>Appends one artifact to the page.</summary>
    /// <param name="page">The page.</param>
    /// <param name="caption">The artifact.</param>
    /// <param name="tables">Those of its tables that no artifact before it has shown.</param>
    /// <param name="content">The report.</param>
    internal static void Append(StringBuilder page, ArtifactCaption caption, IEnumerable<ResultTable> tables, ReportContent content)
    {
        page.Append("<section class=\"artifact\" id=\"").Append(HtmlText.Escape(caption.Name)).Append("\"><h3>")
            .Append(HtmlText.Escape(caption.Title)).Append(' ')
            .AppendJoin(' ', caption.Evidence.Select(HtmlTable.Badge)).Append("</h3>\n<p class=\"question\">")
            .Append(HtmlText.Escape(caption.Question)).Append("</p>\n");
        HtmlFigure.Append(page, caption.Name, caption.Title, caption.Figure, content.Pictures.GetValueOrDefault(caption.Name));
        foreach (ResultTable table in tables.Where(table => table.Rows.Count <= MaxRows))
        {
            page.Append("<details class=\"data\"><summary>Table: ").Append(HtmlText.Escape(table.Name)).Append("</summary>\n");
            HtmlTable.Append(page, table, $"table-{table.Name}", $"{caption.Title}: {table.Name}");
            page.Append("</details>\n");
        }

        AppendOrigin(page, caption);
        AppendFiles(page, caption, content.Files);
        page.Append("</section>\n");
    }

    private static void AppendOrigin(StringBuilder page, ArtifactCaption caption)
    {
        IEnumerable<string> hashes = caption.WorkloadHashes.Select(hash => hash[..Math.Min(ShownHashDigits, hash.Length)]);
        page.Append("<details class=\"made\"><summary>How it was made</summary><p>").Append(HtmlText.Escape(ReportText.Setting(caption)))
            .Append("</p><p>Window: ").Append(HtmlText.Escape(string.Join("; ", caption.Windows)))
            .Append("</p><p>Seeds ").AppendJoin(", ", caption.Seeds)
            .Append("; suite ").Append(HtmlText.Escape(string.Join(", ", caption.SuiteVersions)))
            .Append("; workload SHA-256 ").Append(HtmlText.Escape(string.Join(", ", hashes))).Append("</p></details>\n");
    }

    private static void AppendFiles(StringBuilder page, ArtifactCaption caption, IReadOnlySet<string> existing)
    {
        (string File, string Text)[] files =
        [
            .. caption.Tables.Select(table => (table, table)), ($"{caption.Name}.png", "PNG"), ($"{caption.Name}.svg", "SVG"),
            ($"{caption.Name}.column.svg", "SVG for a column"), ($"{caption.Name}.tex", "LaTeX"), ($"{caption.Name}.md", "Markdown"),
        ];
        page.Append("<p class=\"files\">Files: ").AppendJoin(" · ", files.Where(file => existing.Contains(file.File))
            .Select(file => $"<a href=\"{Folder}/{HtmlText.File(file.File)}\">{HtmlText.Escape(file.Text)}</a>")).Append("</p>\n");
    }
}
