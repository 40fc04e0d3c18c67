using System.Globalization;
using System.Text;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Reports.Interactive;
using GreenServe.Analysis.Tables;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Analysis.Reports;

/// <summary>
/// Tables on a page, which the page's script sorts and filters. The first column stays in view where a reader scrolls sideways.
/// </summary>
/// <remarks>
/// A result table is data that the script turns into a table when a reader opens it; without scripts the page links to its CSV file. The
/// attribute <c>data-v</c> of a cell is the number as it stands in the CSV file, <c>data-l</c> and <c>data-h</c> are its interval. The
/// text of the cell is that number rounded.
/// </remarks>
internal static class HtmlTable
{
    /// <summary>The most rows of a table on a page. A longer one is data for machines: its CSV is linked.</summary>
    internal const int MaxRows = 1000;

    private static readonly string[] Kinds = [.. Enum.GetValues<EvidenceKind>().Select(EnumText.Of)];

    /// <summary>Appends a folded table with its filter.</summary>
    /// <param name="page">The page.</param>
    /// <param name="data">Takes the rows.</param>
    /// <param name="table">The table.</param>
    /// <param name="id">Id of the element, unique on the page.</param>
    /// <param name="summary">What the reader opens.</param>
    /// <param name="caption">What it shows.</param>
    /// <param name="file">Address of its CSV file, for readers without scripts.</param>
    internal static void Append(
        StringBuilder page, PageData data, ResultTable table, string id, string summary, string caption, string file) =>
        Append(page, data, PageTableOf(table, caption), id, summary, file);

    /// <inheritdoc cref="Append(StringBuilder, PageData, ResultTable, string, string, string, string)"/>
    internal static void Append(StringBuilder page, PageData data, PageTable table, string id, string summary, string file)
    {
        data.Add(id, table);
        page.Append("<details class=\"data\"><summary>").Append(HtmlText.Escape(summary)).Append("</summary>\n<div class=\"packed\" id=\"")
            .Append(HtmlText.Escape(id)).Append("\"></div><noscript><p>In the file <a href=\"").Append(HtmlText.Escape(file)).Append("\">")
            .Append(HtmlText.Escape(Path.GetFileName(Uri.UnescapeDataString(file)))).Append("</a></p></noscript></details>\n");
    }

    /// <summary>Appends everything of a table that stands in the page itself, up to its first row.</summary>
    internal static void AppendStart(
        StringBuilder page, string id, string caption, int rows, IEnumerable<(string Title, string Name)> columns)
    {
        string safe = HtmlText.Escape(id);
        string count = rows.ToString(CultureInfo.InvariantCulture);
        string name = HtmlText.Escape(caption);
        page.Append($"""<div class="rows" id="{safe}"><div class="filter scripted"><label>Filter rows """)
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

    /// <summary>The mark that says which evidence kind something stands on.</summary>
    internal static string Badge(string evidence) => $"<span class=\"badge {Evidence(evidence)}\">{HtmlText.Escape(evidence)}</span>";

    /// <summary>Class of an evidence kind's text.</summary>
    internal static string Evidence(string text) => Kinds.Contains(text) ? text : Kinds[0];

    private static PageTable PageTableOf(ResultTable table, string caption)
    {
        IReadOnlyList<ReportColumn> columns = ReportColumns.Of(table);
        GridAxis[] point = ReportColumns.AxesOfAPoint(table);
        PageColumn[] name = point.Length > 0 ? [new PageColumn("Point", "point")] : [];
        return new PageTable(
            caption,
            [.. name, .. columns.Select(column => new PageColumn(column.Title, column.Source.Name))],
            [.. table.Rows.Select(row => (PageCell[])
            [
                .. name.Select(_ => new PageCell(string.Join(", ", point.Where(axis => row.Text(axis) is not null)
                    .Select(axis => axis.NameOf(row.Text(axis)!))))),
                .. columns.Select(column => CellOf(table, row, column)),
            ])]);
    }

    private static PageCell CellOf(ResultTable table, TableRow row, ReportColumn column)
    {
        if (row.Number(column.Source) is { } value)
        {
            return NumberOf(table, row, column, value);
        }

        if (row.Text(column.Source) is { } text)
        {
            return new PageCell(text) { Style = column.Source.Equals(StandardColumns.Evidence) ? Evidence(text) : null };
        }

        bool isMeasured = table.Has(StandardColumns.NotMeasured) && column.Interval is not null;
        return new PageCell(isMeasured ? "not measured" : "–") { Style = PageCell.Absent, Why = Reason(table, row, column.Source) };
    }

    private static PageCell NumberOf(ResultTable table, TableRow row, ReportColumn column, double value)
    {
        (double? low, double? high) = column.Interval is { } interval ? (row[interval.Low], row[interval.High]) : (null, null);
        bool hasInterval = low is not null && high is not null;
        double? half = (high - low) / 2 * column.Factor;
        return new PageCell(half is > 0 ? NumberText.WithError(value * column.Factor, half.Value) : NumberText.Of(value * column.Factor))
        {
            Value = NumberText.Exact(value),
            Low = hasInterval ? NumberText.Exact(low!.Value) : null,
            High = hasInterval ? NumberText.Exact(high!.Value) : null,
            Band = MetricColumns.Find(column.Source)?.BandOf(row, table) is ({ } from, { } to)
                ? $"{NumberText.Of(from)} to {NumberText.Of(to)}"
                : null,
        };
    }

    // The column lists "metric, metric: reason; metric: reason".
    private static string? Reason(ResultTable table, TableRow row, Column column)
    {
        string? listed = table.Has(StandardColumns.NotMeasured)
            ? row[StandardColumns.NotMeasured]?.Split("; ").FirstOrDefault(part => part.Split(": ")[0].Split(", ").Contains(column.Name))
            : null;
        return listed?[(listed.IndexOf(": ", StringComparison.Ordinal) + 2)..]
            ?? (table.Has(StandardColumns.Invalid) ? row[StandardColumns.Invalid] : null);
    }
}
