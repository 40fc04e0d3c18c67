using System.Buffers;
using System.Globalization;

namespace GreenServe.Records.Tables;

/// <summary>Text in the cells of CSV files that people open in a spreadsheet.</summary>
/// <remarks>
/// A spreadsheet runs a cell that begins with one of the signs <c>= + - @</c> as a formula, and the text of a record, a server or a claim
/// may be anyone's. An apostrophe in front makes it text again (OWASP, CSV injection). Numbers stay as they are.
/// </remarks>
public static class CsvText
{
    private const char Guard = '\'';
    private static readonly SearchValues<char> FormulaSigns = SearchValues.Create("=+-@\t\r");

    /// <summary>The text as a cell that no spreadsheet runs. <see cref="Unguarded"/> gives the text back.</summary>
    /// <param name="text">Any text.</param>
    public static string Guarded(string text) => IsFormula(text) && !IsNumber(text) ? Guard + text : text;

    /// <summary>The text of a cell that <see cref="Guarded"/> made.</summary>
    /// <param name="cell">The cell.</param>
    public static string Unguarded(string cell) => cell.Length > 0 && cell[0] == Guard && IsFormula(cell) ? cell[1..] : cell;

    /// <summary>Whether a text begins with a sign of a formula, after any number of guards.</summary>
    private static bool IsFormula(string text)
    {
        ReadOnlySpan<char> rest = text.AsSpan().TrimStart(Guard);
        return rest.Length > 0 && FormulaSigns.Contains(rest[0]);
    }

    private static bool IsNumber(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}
