namespace GreenServe.Analysis.Tables;

/// <summary>The definition of a table: a name, and columns that read their cells from one type of row.</summary>
/// <typeparam name="TRow">The row: one record holds everything that a line of the table tells.</typeparam>
/// <param name="name">Name in kebab-case; with <c>.csv</c> the name of its file.</param>
/// <param name="columns">The columns in order. Each is made by <c>From</c> of a column, which says how it is read from a row.</param>
public sealed class Table<TRow>(string name, IReadOnlyList<Column<TRow>> columns)
{
    private readonly Column[] definitions = [.. columns.Select(column => column.Definition)];

    /// <summary>Name in kebab-case; with <c>.csv</c> the name of its file.</summary>
    public string Name { get; } = name;

    /// <summary>The columns that every table of this kind has, whatever its rows.</summary>
    public IReadOnlyList<Column> Columns => definitions;

    /// <summary>Fills the table, one line a row.</summary>
    public ResultTable Of(IEnumerable<TRow> rows) =>
        new(Name, definitions, rows.Select(row => columns.Select(column => column.Read(row)).ToArray()));

    /// <summary>Writes the lines of some rows to a file. No row is kept.</summary>
    internal void Write(IEnumerable<TRow> rows, ResultWriter target)
    {
        foreach (TRow row in rows)
        {
            foreach (Column<TRow> column in columns)
            {
                column.Write(row, target);
            }

            target.EndRow();
        }
    }
}
