using System.Globalization;
using System.Text;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Tables;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Analysis.Reports;

/// <summary>A result table as HTML: sortable and filterable by the page's script, complete without it.</summary>
/// <remarks>
/// The attribute <c>data-v</c> of a cell is the number as it stands in the CSV, <c>data-l</c> and <c>data-h</c> are its interval. The
/// text of the cell is that number rounded.
/// </remarks>
internal static class HtmlTable
{
    private static readonly string[] Kinds = [.. Enum.GetValues<EvidenceKind>().Select(EnumText.Of)];

    /// <summary>Appends the table with its filter.</summary>
    /// <param name="page">The page.</param>
    /// <param name="table">The table.</param>
    /// <param name="id">Id of the element, unique on the page.</param>
    /// <param name="caption">What it shows.</param>
    internal static void Append(StringBuilder page, ResultTable table, string id, string caption)
    {
        IReadOnlyList<ReportColumn> columns = ReportColumns.Of(table);
        AppendStart(page, id, caption, table.Rows.Count, columns.Select(column => (column.Title, column.Source.Name)));
        foreach (TableRow row in table.Rows)
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
    internal static void AppendStart(
        StringBuilder page, string id, string caption, int rows, IEnumerable<(string Title, string Name)> columns)
    {
        string safe = HtmlText.Escape(id);
        string count = rows.ToString(CultureInfo.InvariantCulture);
        string name = HtmlText.Escape(caption);
        page.Append($"""<div class="rows" id="{safe}"><div class="filter"><label>Filter rows """)
            .Append($"""<input type="search" autocomplete="off" aria-controls="{safe}-table"></label> """)
            .Append($"""<span role="status">{count} rows</span></div>""").Append('\n')
            .Append($"""<div class="scroll" tabindex="0" role="region" aria-label="{name}"><table id="{safe}-table">""")
            .Append($"""<caption>{name}</caption>""").Append("\n<thead><tr>");
        foreach ((string title, string column) in columns)
        {
            page.Append($"""<th scope="col" data-c="{HtmlText.Escape(column)}">""")
                .Append($"""<button type="button">{HtmlText.Escape(title)}</button></th>""");
        }

        page.Append("</tr></thead>\n<tbody>\n");
    }

    private static void AppendCell(StringBuilder page, ResultTable table, TableRow row, ReportColumn column)
    {
        if (row.Number(column.Source) is { } value)
        {
            AppendNumber(page, table, row, column, value);
        }
        else if (row.Text(column.Source) is { } text)
        {
            page.Append(column.Source.Equals(StandardColumns.Evidence) ? $"<td class=\"{Evidence(text)}\">" : "<td>")
                .Append(HtmlText.Escape(text)).Append("</td>");
        }
        else
        {
            bool isMeasured = table.Has(StandardColumns.NotMeasured) && column.Interval is not null;
            page.Append("<td class=\"absent\"").Append(Reason(table, row, column.Source)).Append('>')
                .Append(isMeasured ? "not measured" : "–").Append("</td>");
        }
    }

    private static void AppendNumber(StringBuilder page, ResultTable table, TableRow row, ReportColumn column, double value)
    {
        page.Append("<td data-v=\"").Append(NumberText.Exact(value)).Append('"');
        (double? low, double? high) = column.Interval is { } interval ? (row[interval.Low], row[interval.High]) : (null, null);
        if (low is { } from && high is { } to)
        {
            page.Append(" data-l=\"").Append(NumberText.Exact(from)).Append("\" data-h=\"").Append(NumberText.Exact(to)).Append('"');
        }

        AppendBand(page, table, row, column);
        double? half = (high - low) / 2 * column.Factor;
        string text = half is > 0
            ? NumberText.WithError(value * column.Factor, half.Value)
            : NumberText.Of(value * column.Factor);
        page.Append('>').Append(HtmlText.Escape(text)).Append("</td>");
    }

    /// <summary>What a simulated number may be off by, for a reader who points at it.</summary>
    private static void AppendBand(StringBuilder page, ResultTable table, TableRow row, ReportColumn column)
    {
        if (MetricColumns.Find(column.Source)?.BandOf(row, table) is ({ } from, { } to))
        {
            page.Append(" data-b=\"").Append(NumberText.Of(from)).Append(" to ").Append(NumberText.Of(to)).Append('"');
        }
    }

    /// <summary>The mark that says which evidence kind something stands on.</summary>
    internal static string Badge(string evidence) => $"<span class=\"badge {Evidence(evidence)}\">{HtmlText.Escape(evidence)}</span>";

    /// <summary>Class of an evidence kind's text.</summary>
    internal static string Evidence(string text) => Kinds.Contains(text) ? text : Kinds[0];

    // The column lists "metric, metric: reason; metric: reason".
    private static string Reason(ResultTable table, TableRow row, Column column)
    {
        string? listed = table.Has(StandardColumns.NotMeasured)
            ? row[StandardColumns.NotMeasured]?.Split("; ").FirstOrDefault(part => part.Split(": ")[0].Split(", ").Contains(column.Name))
            : null;
        string? reason = listed?[(listed.IndexOf(": ", StringComparison.Ordinal) + 2)..]
            ?? (table.Has(StandardColumns.Invalid) ? row[StandardColumns.Invalid] : null);
        return reason is null ? "" : $" title=\"{HtmlText.Escape($"not measured: {reason}")}\"";
    }
}
