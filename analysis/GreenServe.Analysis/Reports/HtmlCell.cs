using System.Text;
using GreenServe.Analysis.Formatting;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Analysis.Reports;

/// <summary>A cell of a table that stands in a page as it was written.</summary>
/// <param name="Text">Its text; a reason where nothing is known.</param>
internal sealed record HtmlCell(string Text)
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
    internal static HtmlCell Of(double? value, string absent, string? note = null) => value is { } known
        ? new HtmlCell(NumberText.Of(known)) { Value = known, Note = note }
        : new HtmlCell(absent) { IsAbsent = true };

    /// <summary>A number in words of its own, or why there is none.</summary>
    internal static HtmlCell Worded(double? value, Func<double, string> words, string absent) => value is { } known
        ? new HtmlCell(words(known)) { Value = known }
        : new HtmlCell(absent) { IsAbsent = true };

    /// <summary>An evidence kind in its colour.</summary>
    internal static HtmlCell Of(EvidenceKind evidence) =>
        new(EnumText.Of(evidence)) { Style = HtmlTable.Evidence(EnumText.Of(evidence)) };

    /// <summary>An answer.</summary>
    internal static HtmlCell Of(bool? answer, string absent) => answer is { } known
        ? new HtmlCell(known ? "yes" : "no") { Style = known ? "pass" : "fail" }
        : new HtmlCell(absent) { IsAbsent = true };

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
