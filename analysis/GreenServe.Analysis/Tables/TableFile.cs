using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using GreenServe.Records;

namespace GreenServe.Analysis.Tables;

/// <summary>Result tables as CSV files: a header, invariant numbers with all digits, an empty cell for absent, LF.</summary>
public static class TableFile
{
    /// <summary>Columns that hold text wherever they occur; every other column is numbers if all its cells are.</summary>
    public static IReadOnlySet<string> TextColumns { get; } = new HashSet<string>
    {
        "evidence", "system", "gpu", "engine", "model", "precision", "workload", "seeds", "load", "class", "not_measured", "invalid",
        "slo_profile", "backend", "phase", "statement", "source", "energy_scope", "energy_source", "run", "verdict",
    };

    /// <summary>Writes a table, replacing the file at once.</summary>
    public static void Write(string path, ResultTable table) => OutputFile.Replace(path, stream =>
    {
        using StreamWriter text = new(stream, leaveOpen: true) { NewLine = "\n" };
        using CsvWriter csv = new(text, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            NewLine = "\n",
            ShouldQuote = field => ConfigurationFunctions.ShouldQuote(field) || field.Field?.Contains('\r', StringComparison.Ordinal) == true,
        });
        foreach (ResultColumn column in table.Columns)
        {
            csv.WriteField(column.Name);
        }

        csv.NextRecord();
        for (int row = 0; row < table.Rows.Count; row++)
        {
            foreach (ResultColumn column in table.Columns)
            {
                csv.WriteField(table.Text(row, column.Name));
            }

            csv.NextRecord();
        }
    });

    /// <summary>Reads a table that <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidInputException">The file is missing or no such table.</exception>
    public static ResultTable Read(string path)
    {
        try
        {
            using StreamReader text = new(path);
            using CsvReader csv = new(text, new CsvConfiguration(CultureInfo.InvariantCulture));
            string[] header = csv.Read() && csv.ReadHeader() ? csv.HeaderRecord ?? [] : [];
            List<string?[]> cells = [];
            while (csv.Read())
            {
                cells.Add([.. Enumerable.Range(0, header.Length).Select(index => csv.GetField(index) is { Length: > 0 } cell ? cell : null)]);
            }

            return Parse(Path.GetFileNameWithoutExtension(path), header, cells);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CsvHelperException or ArgumentException)
        {
            throw new InvalidInputException(new Problem("table", exception.Message.Split('\n')[0].Trim(), "a result table (CSV)", path));
        }
    }

    private static ResultTable Parse(string name, string[] header, List<string?[]> cells)
    {
        ResultColumn[] columns = [.. header.Select((column, index) => new ResultColumn(
            column, TextColumns.Contains(column) || !cells.All(row => row[index] is null || Number(row[index]!) is not null)))];
        return new ResultTable(
            name,
            columns,
            [.. cells.Select(row => row.Select((cell, index) => cell is null || columns[index].IsText ? cell : (object?)Number(cell)).ToArray())]);
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : null;
}
