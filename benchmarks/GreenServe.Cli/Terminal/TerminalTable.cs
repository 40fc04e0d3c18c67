using GreenServe.Records;
using Spectre.Console;

namespace GreenServe.Cli.Terminal;

/// <summary>Writes tables: drawn on a terminal, plain elsewhere. A cell is never read as markup and keeps no control character.</summary>
internal static class TerminalTable
{
    /// <summary>Writes a table with aligned columns.</summary>
    /// <param name="output">Where the table is written.</param>
    /// <param name="headings">Heading of each column; one that begins with <c>&gt;</c> is aligned right.</param>
    /// <param name="rows">The cells of each row, in the order of the headings.</param>
    internal static void Write(TextWriter output, IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<string>> rows)
    {
        Table table = new Table().Border(TableBorder.Simple);
        foreach (string heading in headings)
        {
            bool isRight = heading.StartsWith('>');
            TableColumn column = new(new Text(Clean(isRight ? heading[1..] : heading))) { NoWrap = isRight };
            table.AddColumn(isRight ? column.RightAligned() : column);
        }

        foreach (IReadOnlyList<string> row in rows)
        {
            table.AddRow([.. row.Select(cell => new Text(Clean(cell)))]);
        }

        TerminalConsole.On(output).Write(table);
    }

    /// <summary>
    /// A text as it may stand in a cell or a line: control signs as escapes, and cut where it is long. The text of a record must not be
    /// able to steer a terminal.
    /// </summary>
    internal static string Clean(string text) => ShownText.OneLine(text);
}
