using System.Text;

namespace GreenServe.Analysis.Reports;

/// <summary>A table that stands in a page as it was written, and that the page's script sorts and filters.</summary>
/// <typeparam name="TRow">What a line of it shows.</typeparam>
/// <param name="columns">Its columns: heading, and how a cell is made from a row.</param>
internal sealed class HtmlGrid<TRow>(IReadOnlyList<(string Title, Func<TRow, HtmlCell> Read)> columns)
{
    /// <summary>Appends the table. Its first column stays in view where a reader scrolls sideways.</summary>
    /// <param name="page">The page.</param>
    /// <param name="id">Id of the element, unique on the page.</param>
    /// <param name="caption">What it shows.</param>
    /// <param name="rows">The rows.</param>
    internal void Append(StringBuilder page, string id, string caption, IReadOnlyList<TRow> rows)
    {
        page.Append("<div class=\"pinned\">");
        HtmlTable.AppendStart(page, id, caption, rows.Count, columns.Select(column => (column.Title, column.Title)));
        foreach (TRow row in rows)
        {
            page.Append("<tr>");
            foreach ((_, Func<TRow, HtmlCell> read) in columns)
            {
                read(row).Append(page);
            }

            page.Append("</tr>\n");
        }

        page.Append("</tbody></table></div></div></div>\n");
    }
}
