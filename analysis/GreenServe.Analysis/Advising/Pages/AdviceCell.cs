using System.Text;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Reports;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Analysis.Advising.Pages;

/// <summary>A cell of a table on the page of an advice.</summary>
/// <param name="Text">Its text; a reason where nothing is known.</param>
internal sealed record AdviceCell(string Text)
{
    /// <summary>The number behind the text, by which the table is sorted; <c>null</c> for text.</summary>
    internal double? Value { get; init; }

    /// <summary>Smaller text below; <c>null</c> for none.</summary>
    internal string? Note { get; init; }

    /// <summary>Whether the text says why there is no number.</summary>
    internal bool IsAbsent { get; init; }

    /// <summary>Class of the cell's element; <c>null</c> for none.</summary>
    internal string? Style { get; init; }

    /// <summary>A number, or why there is none.</summary>
    internal static AdviceCell Of(double? value, string absent, string? note = null) => value is { } known
        ? new AdviceCell(NumberText.Of(known)) { Value = known, Note = note }
        : new AdviceCell(absent) { IsAbsent = true };

    /// <summary>A share in percent, or why there is none.</summary>
    internal static AdviceCell Share(double? ratio, string absent) => Worded(ratio, AdvicePageText.Share, absent);

    /// <summary>A number in words of its own, or why there is none.</summary>
    internal static AdviceCell Worded(double? value, Func<double, string> words, string absent) => value is { } known
        ? new AdviceCell(words(known)) { Value = known }
        : new AdviceCell(absent) { IsAbsent = true };

    /// <summary>An evidence kind in its colour.</summary>
    internal static AdviceCell Of(EvidenceKind evidence) =>
        new(EnumText.Of(evidence)) { Style = HtmlTable.Evidence(EnumText.Of(evidence)) };

    /// <summary>An answer.</summary>
    internal static AdviceCell Of(bool? answer, string absent) => answer is { } known
        ? new AdviceCell(known ? "yes" : "no") { Style = known ? "pass" : "fail" }
        : new AdviceCell(absent) { IsAbsent = true };

    /// <summary>Appends the cell to a page.</summary>
    internal void Append(StringBuilder page)
    {
        page.Append("<td");
        if ((IsAbsent ? "absent" : Style) is { } style)
        {
            page.Append(" class=\"").Append(style).Append('"');
        }

        if (Value is { } value)
        {
            page.Append(" data-v=\"").Append(NumberText.Exact(value)).Append('"');
        }

        page.Append('>').Append(HtmlText.Escape(Text));
        if (Note is { Length: > 0 } note)
        {
            page.Append("<small>").Append(HtmlText.Escape(note)).Append("</small>");
        }

        page.Append("</td>");
    }
}

/// <summary>A table on the page of an advice, which the page's script sorts and filters.</summary>
/// <typeparam name="TRow">What a line of it shows.</typeparam>
/// <param name="columns">Its columns: heading, and how a cell is made from a row.</param>
internal sealed class AdviceGrid<TRow>(IReadOnlyList<(string Title, Func<TRow, AdviceCell> Read)> columns)
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
            foreach ((_, Func<TRow, AdviceCell> read) in columns)
            {
                read(row).Append(page);
            }

            page.Append("</tr>\n");
        }

        page.Append("</tbody></table></div></div></div>\n");
    }
}
