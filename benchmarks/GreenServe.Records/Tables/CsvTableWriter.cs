using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace GreenServe.Records.Tables;

/// <summary>Writes one table of a record row by row: a header at once, invariant numbers, empty for absent.</summary>
internal sealed class CsvTableWriter : IDisposable
{
    private static readonly CsvConfiguration Configuration = new(CultureInfo.InvariantCulture)
    {
        NewLine = "\n",

        // CsvHelper leaves a carriage return bare when rows end in a line feed; at the end of a row it would read as the row's.
        ShouldQuote = field => ConfigurationFunctions.ShouldQuote(field) || field.Field?.Contains('\r', StringComparison.Ordinal) == true,
    };
    private readonly CsvWriter csv;

    internal CsvTableWriter(string path, string[] columns)
    {
        csv = new CsvWriter(new StreamWriter(path, append: false) { NewLine = "\n" }, Configuration);
        foreach (string column in columns)
        {
            csv.WriteField(column);
        }

        csv.NextRecord();

        // A run that is killed at once must be readable too.
        csv.Flush();
    }

    internal CsvTableWriter Add(string? text)
    {
        csv.WriteField(text);
        return this;
    }

    internal CsvTableWriter Add(long? value) => Add(value?.ToString(CultureInfo.InvariantCulture));

    internal CsvTableWriter Add(double? value) => Add(value?.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>A time: rounded to the nanosecond, which no clock here exceeds.</summary>
    internal CsvTableWriter AddSeconds(double? seconds) => Add(seconds is { } value ? Math.Round(value, 9) : null);

    internal void EndRow() => csv.NextRecord();

    internal void Flush() => csv.Flush();

    public void Dispose() => csv.Dispose();
}
