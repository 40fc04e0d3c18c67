using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace GreenServe.Records.Tables;

/// <summary>
/// Writes a table of a record as CSV: first the header, then row by row. Numbers are invariant; an absent value is an empty cell.
/// </summary>
internal sealed class CsvTableWriter : IDisposable
{
    private static readonly CsvConfiguration Configuration = new(CultureInfo.InvariantCulture)
    {
        NewLine = "\n",

        // CsvHelper does not quote a carriage return when rows end in a line feed. At the end of a row it would be read as part
        // of the row's end.
        ShouldQuote = field => ConfigurationFunctions.ShouldQuote(field) || field.Field?.Contains('\r', StringComparison.Ordinal) == true,
    };
    private readonly CsvWriter csv;
    private readonly string path;
    private long rows;

    internal CsvTableWriter(string path, string[] columns)
    {
        this.path = path;
        csv = new CsvWriter(new StreamWriter(path, append: false) { NewLine = "\n" }, Configuration);
        foreach (string column in columns)
        {
            csv.WriteField(column);
        }

        csv.NextRecord();

        // The header is written at once, so that a run that is killed at its start is readable too.
        csv.Flush();
    }

    internal CsvTableWriter Add(string? text)
    {
        csv.WriteField(text);
        return this;
    }

    internal CsvTableWriter Add(long? value) => Add(value?.ToString(CultureInfo.InvariantCulture));

    internal CsvTableWriter Add(double? value) => Add(value?.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>Adds a time (s), rounded to the nanosecond, which is finer than any clock of a record.</summary>
    internal CsvTableWriter AddSeconds(double? seconds) => Add(seconds is { } value ? Math.Round(value, 9) : null);

    internal void EndRow()
    {
        csv.NextRecord();
        rows++;
    }

    internal void Flush() => csv.Flush();

    /// <summary>Writes what is still in memory, and tells how large the table is.</summary>
    internal TableSize Measure()
    {
        Flush();
        return new TableSize(rows, new FileInfo(path).Length);
    }

    public void Dispose() => csv.Dispose();
}
