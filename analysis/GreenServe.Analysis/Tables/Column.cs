namespace GreenServe.Analysis.Tables;

/// <summary>A column of tables: its name in the file, its unit, and its words for people.</summary>
/// <remarks>
/// A column is declared once and used wherever its cells are written or read. Two columns are equal when their names are: a table holds
/// one column of a name. A column whose cells are always numbers is a <see cref="NumberColumn"/>, one of text a <see cref="TextColumn"/>.
/// </remarks>
public abstract class Column : IEquatable<Column>
{
    private protected Column(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        Legend = name.Replace('_', ' ');
    }

    /// <summary>Name in snake_case, ending in its unit where it has one, for example <c>ttft_p99_seconds</c>.</summary>
    public string Name { get; }

    /// <summary>Unit of its numbers, for example <c>s</c>.</summary>
    /// <value>The default is empty: a share, a count or text.</value>
    public string Unit { get; init; } = "";

    /// <summary>Words for people, without the unit.</summary>
    /// <value>The default is the name with spaces in place of underscores.</value>
    public string Legend { get; init; }

    /// <inheritdoc />
    public bool Equals(Column? other) => other is not null && Name == other.Name;

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as Column);

    /// <inheritdoc />
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <summary>The name of the column.</summary>
    public override string ToString() => Name;
}

/// <summary>A column whose cells are finite numbers or absent.</summary>
/// <param name="name">Name in snake_case.</param>
public sealed class NumberColumn(string name) : Column(name)
{
    /// <summary>The column in a table that is made from rows of a type.</summary>
    /// <param name="read">Takes the cell from a row; <c>null</c> where it is absent. A number that is not finite is refused.</param>
    public Column<TRow> From<TRow>(Func<TRow, double?> read) => new(this, row => read(row) switch
    {
        null => null,
        { } number when double.IsFinite(number) => number,
        { } number => throw new ColumnException($"A cell of the column '{Name}' is {number}; cells are finite numbers or absent."),
    });
}

/// <summary>A column whose cells are text or absent.</summary>
/// <param name="name">Name in snake_case.</param>
public sealed class TextColumn(string name) : Column(name)
{
    /// <summary>The column in a table that is made from rows of a type.</summary>
    /// <param name="read">Takes the cell from a row; <c>null</c> where it is absent.</param>
    public Column<TRow> From<TRow>(Func<TRow, string?> read) => new(this, read);
}

/// <summary>A column together with how its cell is taken from a row. Made by <c>From</c> of the column.</summary>
/// <typeparam name="TRow">The row: one record holds everything that a line of the table tells.</typeparam>
public sealed class Column<TRow>
{
    private readonly Func<TRow, double?>? number;
    private readonly Func<TRow, string?>? text;

    internal Column(Column definition, Func<TRow, double?> number) => (Definition, this.number) = (definition, number);

    internal Column(Column definition, Func<TRow, string?> text) => (Definition, this.text) = (definition, text);

    /// <summary>The column without the way in which its cells are read.</summary>
    public Column Definition { get; }

    /// <summary>Makes this column one of another table, each row of which contains a row of this table.</summary>
    /// <typeparam name="TOuter">The row of that table.</typeparam>
    /// <param name="row">Takes this table's row from that of the other.</param>
    internal Column<TOuter> Of<TOuter>(Func<TOuter, TRow> row) => number is { } read
        ? new Column<TOuter>(Definition, outer => read(row(outer)))
        : new Column<TOuter>(Definition, outer => text!(row(outer)));

    /// <summary>Takes the cell from a row: a <c>double</c>, a <c>string</c>, or <c>null</c> where it is absent.</summary>
    internal object? Read(TRow row) => number is null ? text!(row) : number(row);

    /// <summary>Writes the cell of a row to a file.</summary>
    internal void Write(TRow row, ResultWriter target)
    {
        if (number is null)
        {
            target.Add(text!(row));
        }
        else
        {
            target.Add(number(row));
        }
    }
}

/// <summary>
/// A table was asked for a column that it does not have, or for numbers in a column of text. This is a mistake in the code, not in a file.
/// </summary>
/// <param name="message">The table, the column, and the columns there are.</param>
public sealed class ColumnException(string message) : Exception(message);
