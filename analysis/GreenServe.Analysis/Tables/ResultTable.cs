using System.Globalization;

namespace GreenServe.Analysis.Tables;

/// <summary>A table of results: what stands in a CSV, and what figures, claims and reports are made of.</summary>
/// <remarks>
/// Code makes one with <see cref="Table{TRow}"/>; <see cref="TableFile"/> reads one back. A cell is text, a finite number or absent
/// (<c>null</c>). To ask for a column that the table does not have is a mistake and throws <see cref="ColumnException"/>: an absent
/// column is never mistaken for an absent measurement. Where a column may be missing, ask <see cref="Has"/> first.
/// </remarks>
public sealed class ResultTable
{
    private readonly ColumnSet columns;

    internal ResultTable(string name, IReadOnlyList<Column> columns, IEnumerable<object?[]> cells)
    {
        this.columns = new ColumnSet(name, columns);
        Rows = [.. cells.Select(row => new TableRow(this.columns, row))];
    }

    private ResultTable(ColumnSet columns, IReadOnlyList<TableRow> rows) => (this.columns, Rows) = (columns, rows);

    /// <summary>Name in kebab-case; with <c>.csv</c> the name of its file.</summary>
    public string Name => columns.Table;

    /// <summary>
    /// The columns in order. Each is a <see cref="NumberColumn"/> or a <see cref="TextColumn"/>, and their names are unique.
    /// </summary>
    public IReadOnlyList<Column> Columns => columns.All;

    /// <summary>The rows in order.</summary>
    public IReadOnlyList<TableRow> Rows { get; }

    /// <summary>Whether there is such a column.</summary>
    public bool Has(Column column) => columns.Find(column.Name) is not null;

    /// <summary>
    /// The column of a name as this table holds it, for names that are known only at run time; <c>null</c> where there is none.
    /// </summary>
    public Column? Find(string name) => columns.Find(name) is { } place ? Columns[place] : null;

    /// <summary>A column as this table holds it: as numbers or as text.</summary>
    /// <exception cref="ColumnException">There is no such column.</exception>
    public Column Of(Column column) => Columns[columns.PlaceOf(column)];

    /// <summary>
    /// Makes sure that the table has some columns before its rows are read, so that a mistake shows in an empty table too.
    /// </summary>
    /// <exception cref="ColumnException">There is no such column.</exception>
    public void Require(params IEnumerable<Column> required)
    {
        foreach (Column column in required)
        {
            _ = columns.PlaceOf(column);
        }
    }

    /// <summary>The distinct texts of a column in the order of the rows; absent cells are left out.</summary>
    /// <exception cref="ColumnException">There is no such column.</exception>
    public IReadOnlyList<string> Distinct(Column column)
    {
        Require(column);
        return [.. Rows.Select(row => row.Text(column)).OfType<string>().Distinct()];
    }

    /// <summary>The numbers of a column in the order of the rows; absent cells are left out.</summary>
    /// <exception cref="ColumnException">There is no such column.</exception>
    public IEnumerable<double> Numbers(NumberColumn column)
    {
        Require(column);
        return Rows.Select(row => row[column]).OfType<double>();
    }

    /// <summary>A table with the same columns and some of the rows.</summary>
    public ResultTable Where(Func<TableRow, bool> keep) => new(columns, [.. Rows.Where(keep)]);

    /// <summary>A column of a table made from rows of this one, with the same cells.</summary>
    /// <exception cref="ColumnException">There is no such column.</exception>
    internal Column<TableRow> Copy(Column column) => Of(column) switch
    {
        NumberColumn number => number.From<TableRow>(row => row[number]),
        Column text => new Column<TableRow>(text, row => row.Text(text)),
    };

    /// <summary>Tables of the same columns, one below the other.</summary>
    /// <exception cref="ColumnException">One of them lacks a column of the first.</exception>
    internal static ResultTable Join(IReadOnlyList<ResultTable> tables)
    {
        ResultTable first = tables[0];
        return new Table<TableRow>(first.Name, [.. first.Columns.Select(first.Copy)]).Of(tables.SelectMany(table => table.Rows));
    }
}

/// <summary>A row of a <see cref="ResultTable"/>. Its cells are read by column, never by position.</summary>
public sealed class TableRow
{
    private readonly ColumnSet columns;
    private readonly object?[] cells;

    internal TableRow(ColumnSet columns, object?[] cells)
    {
        (this.columns, this.cells) = (columns, cells);
        if (cells.Length != columns.All.Count)
        {
            throw new ArgumentException(
                $"A row of '{columns.Table}' has {cells.Length} cells for {columns.All.Count} columns.", nameof(cells));
        }
    }

    /// <summary>The number in a column of numbers; <c>null</c> where it is absent.</summary>
    /// <exception cref="ColumnException">There is no such column, or it holds text.</exception>
    public double? this[NumberColumn column] => cells[columns.PlaceOf(column)] switch
    {
        null => null,
        double number => number,
        _ => throw new ColumnException($"The column '{column.Name}' of the table '{columns.Table}' holds text where numbers are read."),
    };

    /// <summary>The text in a column; <c>null</c> where it is absent. A number is given with all its digits.</summary>
    /// <exception cref="ColumnException">There is no such column.</exception>
    public string? this[TextColumn column] => Text(column);

    /// <summary>A cell as text; <c>null</c> where it is absent. A number is given with all its digits.</summary>
    /// <exception cref="ColumnException">There is no such column.</exception>
    public string? Text(Column column) => cells[columns.PlaceOf(column)] switch
    {
        null => null,
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        object text => (string)text,
    };

    /// <summary>Writes the row to a file.</summary>
    internal void Write(ResultWriter target)
    {
        for (int place = 0; place < cells.Length; place++)
        {
            if (cells[place] is double number)
            {
                target.Add(number);
            }
            else
            {
                target.Add((string?)cells[place]);
            }
        }

        target.EndRow();
    }

    /// <summary>A cell as a number, for a column that holds text in some tables, such as an axis whose places may have names.</summary>
    /// <returns><c>null</c> where the cell is absent or text.</returns>
    /// <exception cref="ColumnException">There is no such column.</exception>
    public double? Number(Column column) => cells[columns.PlaceOf(column)] as double?;
}

/// <summary>The columns that the rows of one table share, and where each stands.</summary>
internal sealed class ColumnSet
{
    private readonly Dictionary<string, int> places;

    internal ColumnSet(string table, IReadOnlyList<Column> columns)
    {
        (Table, All) = (table, columns);
        places = columns.Index().ToDictionary(pair => pair.Item.Name, pair => pair.Index);
    }

    internal string Table { get; }

    internal IReadOnlyList<Column> All { get; }

    internal int? Find(string name) => places.TryGetValue(name, out int place) ? place : null;

    internal int PlaceOf(Column column) => Find(column.Name) ?? throw new ColumnException(
        $"The table '{Table}' has no column '{column.Name}'. Its columns are {string.Join(", ", All.Select(known => known.Name))}.");
}
