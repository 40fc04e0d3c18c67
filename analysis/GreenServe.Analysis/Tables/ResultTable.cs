using System.Globalization;

namespace GreenServe.Analysis.Tables;

/// <summary>A table of results: what stands in a CSV, and what figures, claims and reports are made of.</summary>
/// <remarks>Cells are text, finite numbers or absent (<c>null</c>). Column names are unique.</remarks>
public sealed class ResultTable
{
    private readonly Dictionary<string, int> indices;

    /// <summary>Makes a table.</summary>
    /// <param name="name">Name in kebab-case; with <c>.csv</c> the name of its file.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="rows">The rows; every row has a cell for every column: a <c>string</c>, a <c>double</c> or <c>null</c>.</param>
    public ResultTable(string name, IReadOnlyList<ResultColumn> columns, IReadOnlyList<IReadOnlyList<object?>> rows)
    {
        Name = name;
        Columns = columns;
        Rows = rows;
        indices = columns.Index().ToDictionary(pair => pair.Item.Name, pair => pair.Index);
        if (rows.FirstOrDefault(row => row.Count != columns.Count) is { } odd)
        {
            throw new ArgumentException($"A row has {odd.Count} cells for {columns.Count} columns.", nameof(rows));
        }
    }

    /// <summary>Name in kebab-case.</summary>
    public string Name { get; }

    /// <summary>The columns.</summary>
    public IReadOnlyList<ResultColumn> Columns { get; }

    /// <summary>The rows.</summary>
    public IReadOnlyList<IReadOnlyList<object?>> Rows { get; }

    /// <summary>Whether there is such a column.</summary>
    public bool Has(string column) => indices.ContainsKey(column);

    /// <summary>A number; <c>null</c> where it is absent, text or has no such column.</summary>
    public double? Number(int row, string column) => Cell(row, column) as double?;

    /// <summary>A cell as text; <c>null</c> where it is absent or has no such column.</summary>
    public string? Text(int row, string column) => Cell(row, column) switch
    {
        null => null,
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        object text => (string)text,
    };

    /// <summary>The distinct texts of a column in the order of the rows; empty without such a column.</summary>
    public IReadOnlyList<string> Distinct(string column) =>
        [.. Enumerable.Range(0, Rows.Count).Select(row => Text(row, column)).OfType<string>().Distinct()];

    /// <summary>The same columns with only some of the rows.</summary>
    public ResultTable Where(Func<int, bool> keep) =>
        new(Name, Columns, [.. Rows.Where((_, index) => keep(index))]);

    private object? Cell(int row, string column) => indices.TryGetValue(column, out int index) ? Rows[row][index] : null;
}
