using System.Globalization;
using System.Text;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Reports;

/// <summary>A result table as HTML: sortable and filterable by the page's script, complete without it.</summary>
/// <remarks>
/// <c>data-v</c> of a cell is the number as it stands in the CSV, <c>data-l</c> and <c>data-h</c> its interval; the text is that number rounded.
/// </remarks>
internal static class HtmlTable
{
    /// <summary>Appends the table with its filter.</summary>
    /// <param name="page">The page.</param>
    /// <param name="table">The table.</param>
    /// <param name="id">Id of the element, unique on the page.</param>
    /// <param name="caption">What it shows.</param>
    internal static void Append(StringBuilder page, ResultTable table, string id, string caption)
    {
        IReadOnlyList<ReportColumn> columns = ReportColumns.Of(table);
        AppendStart(page, id, caption, table.Rows.Count, columns.Select(column => (column.Title, column.Name)));
        for (int row = 0; row < table.Rows.Count; row++)
        {
            page.Append("<tr>");
            foreach (ReportColumn column in columns)
            {
                AppendCell(page, table, row, column);
            }

            page.Append("</tr>\n");
        }

        page.Append("</tbody></table></div></div>\n");
    }

    /// <summary>Appends everything before the first row.</summary>
    internal static void AppendStart(StringBuilder page, string id, string caption, int rows, IEnumerable<(string Title, string Name)> columns)
    {
        string safe = HtmlText.Escape(id);
        string count = rows.ToString(CultureInfo.InvariantCulture);
        page.Append("<div class=\"rows\" id=\"").Append(safe).Append("\"><div class=\"filter\"><label>Filter rows <input type=\"search\" autocomplete=\"off\" ")
            .Append("aria-controls=\"").Append(safe).Append("-table\"></label> <span role=\"status\">").Append(count).Append(" rows</span></div>\n")
            .Append("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"").Append(HtmlText.Escape(caption)).Append("\"><table id=\"").Append(safe)
            .Append("-table\"><caption>").Append(HtmlText.Escape(caption)).Append("</caption>\n<thead><tr>");
        foreach ((string title, string name) in columns)
        {
            page.Append("<th scope=\"col\" data-c=\"").Append(HtmlText.Escape(name)).Append("\"><button type=\"button\">").Append(HtmlText.Escape(title)).Append("</button></th>");
        }

        page.Append("</tr></thead>\n<tbody>\n");
    }

    private static void AppendCell(StringBuilder page, ResultTable table, int row, ReportColumn column)
    {
        if (table.Number(row, column.Name) is { } value)
        {
            page.Append("<td data-v=\"").Append(NumberText.Exact(value)).Append('"');
            double? low = column.HasInterval ? table.Number(row, $"{column.Name}_low") : null;
            double? high = column.HasInterval ? table.Number(row, $"{column.Name}_high") : null;
            if (low is { } from && high is { } to)
            {
                page.Append(" data-l=\"").Append(NumberText.Exact(from)).Append("\" data-h=\"").Append(NumberText.Exact(to)).Append('"');
            }

            double half = low is null || high is null ? 0 : (high.Value - low.Value) / 2 * column.Factor;
            page.Append('>').Append(HtmlText.Escape(half > 0 ? NumberText.WithError(value * column.Factor, half) : NumberText.Of(value * column.Factor))).Append("</td>");
        }
        else if (table.Text(row, column.Name) is { } text)
        {
            page.Append(column.Name == "evidence" ? $"<td class=\"{Evidence(text)}\">" : "<td>").Append(HtmlText.Escape(text)).Append("</td>");
        }
        else
        {
            page.Append("<td class=\"absent\"").Append(Why(table, row, column.Name)).Append('>').Append(table.Has("not_measured") && column.HasInterval ? "not measured" : "–").Append("</td>");
        }
    }

    /// <summary>Class of an evidence kind's text.</summary>
    internal static string Evidence(string text) => text == "measured" ? "measured" : "simulated";

    // The column lists "metric, metric: why; metric: why".
    private static string Why(ResultTable table, int row, string column)
    {
        string? why = table.Text(row, "not_measured")?.Split("; ").FirstOrDefault(part => part.Split(": ")[0].Split(", ").Contains(column));
        string? text = why?[(why.IndexOf(": ", StringComparison.Ordinal) + 2)..] ?? table.Text(row, "invalid");
        return text is null ? "" : $" title=\"{HtmlText.Escape($"not measured: {text}")}\"";
    }
}
