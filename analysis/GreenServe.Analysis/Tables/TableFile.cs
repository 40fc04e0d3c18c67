using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Tables;

namespace GreenServe.Analysis.Tables;

/// <summary>Result tables as CSV files: a header, invariant numbers with all digits, an empty cell for absent, LF line ends.</summary>
/// <remarks>Text that a spreadsheet would run is guarded, as <see cref="CsvText"/> says.</remarks>
public static class TableFile
{
    // A quote that is never closed would take the rest of the file into one cell.
    private const int MaxCellLetters = 1 << 20;

    private static readonly HashSet<string> TextNames = [.. StandardColumns.All.Select(column => column.Name)];

    /// <summary>Writes a table, replacing the file at once.</summary>
    public static void Write(string path, ResultTable table) => Write(path, table.Columns, target =>
    {
        foreach (TableRow row in table.Rows)
        {
            row.Write(target);
        }
    });

    /// <summary>Writes a table row by row, replacing the file at once. No row is kept, so that there may be any number of them.</summary>
    /// <typeparam name="TRow">The row.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="table">The columns.</param>
    /// <param name="rows">The rows, which are read once and in order.</param>
    public static void Write<TRow>(string path, Table<TRow> table, IEnumerable<TRow> rows) =>
        Write(path, table.Columns, target => table.Write(rows, target));

    private static void Write(string path, IReadOnlyList<Column> columns, Action<ResultWriter> write) => OutputFile.Replace(path, stream =>
    {
        using ResultWriter target = new(stream);
        foreach (Column column in columns)
        {
            target.AddName(column.Name);
        }

        target.EndRow();
        write(target);
    });

    /// <summary>Reads a table that <see cref="Write(string, ResultTable)"/> wrote.</summary>
    /// <remarks>
    /// <see cref="StandardColumns"/> are text. Every other column is numbers if all its cells are.
    /// </remarks>
    /// <param name="path">The file.</param>
    /// <param name="required">Columns that the table must have; <c>null</c> where any table will do.</param>
    /// <exception cref="InvalidInputException">
    /// The file is missing or no table, lacks a required column, or has text in a column of numbers. Every such column is named.
    /// </exception>
    public static ResultTable Read(string path, IReadOnlyCollection<Column>? required = null)
    {
        ResultTable table = ReadAny(path);
        Problem[] problems = [.. (required ?? []).Where(column => !IsIn(table, column)).Select(column => new Problem(
            column.Name,
            table.Has(column) ? "text" : "no such column",
            column is NumberColumn ? "a column of numbers" : "a column",
            path))];
        return problems.Length == 0 ? table : throw new InvalidInputException(problems);
    }

    private static bool IsIn(ResultTable table, Column wanted) =>
        table.Find(wanted.Name) is { } found && (found is NumberColumn || wanted is not NumberColumn);

    private static ResultTable ReadAny(string path)
    {
        try
        {
            using StreamReader text = new(InputFile.OpenRead(path));
            using CsvReader csv = new(text, new CsvConfiguration(CultureInfo.InvariantCulture) { MaxFieldSize = MaxCellLetters });
            string[] header = csv.Read() && csv.ReadHeader() ? csv.HeaderRecord ?? [] : [];
            List<string?[]> cells = [];
            while (csv.Read())
            {
                cells.Add([.. Enumerable.Range(0, header.Length)
                    .Select(index => csv.GetField(index) is { Length: > 0 } cell ? CsvText.Unguarded(cell) : null)]);
            }

            RequireDifferent(header, path);
            return Parse(Path.GetFileNameWithoutExtension(path), header, cells);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or CsvHelperException or ArgumentException)
        {
            string reason = exception is CsvHelperException ? "damaged rows" : exception.Message.Split('\n')[0].Trim();
            throw new InvalidInputException(new Problem("table", reason, "a result table (CSV)", path));
        }
    }

    private static void RequireDifferent(string[] header, string path)
    {
        Problem[] problems = [.. header.GroupBy(name => name, StringComparer.Ordinal).Where(same => same.Count() > 1)
            .Select(same => new Problem("header", $"the column '{same.Key}' {same.Count()} times", "columns of different names", path))];
        if (problems.Length > 0)
        {
            throw new InvalidInputException(problems);
        }
    }

    private static ResultTable Parse(string name, string[] header, List<string?[]> cells)
    {
        Column[] columns = [.. header.Select((column, index) =>
            TextNames.Contains(column) || !cells.All(row => row[index] is null || Number(row[index]!) is not null)
                ? (Column)new TextColumn(column)
                : new NumberColumn(column))];
        return new ResultTable(name, columns, cells.Select(row => row
            .Select((cell, index) => cell is null || columns[index] is TextColumn ? cell : (object?)Number(cell)).ToArray()));
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : null;
}
