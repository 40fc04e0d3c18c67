using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using CsvHelper;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Queries;
using GreenServe.Cli.Terminal;
using GreenServe.Records.Documents;
using GreenServe.Records.Tables;

namespace GreenServe.Cli.Commands.Records;

/// <summary>The answer of a query as a table, CSV or JSON.</summary>
internal static class QueryText
{
    /// <summary>Writes the answer to a query. Rows of CSV and JSON are written as they are found.</summary>
    /// <param name="output">Where the answer is written.</param>
    /// <param name="found">The rows. If there are more than wanted, one more than wanted.</param>
    /// <param name="format">How the answer is written.</param>
    /// <param name="maxRows">Maximum number of rows that are written; <c>null</c> for all.</param>
    internal static void Write(TextWriter output, ResultReading found, QueryFormat format, int? maxRows)
    {
        IEnumerable<IReadOnlyList<object?>> rows = found.Rows.Take(maxRows ?? int.MaxValue);
        switch (format)
        {
            case QueryFormat.Csv:
                WriteCsv(TerminalConsole.Data(output), found.Columns, rows);
                break;
            case QueryFormat.Json:
                WriteJson(TerminalConsole.Data(output), found.Columns, rows);
                break;
            default:
                WriteTable(output, found, maxRows ?? int.MaxValue);
                break;
        }
    }

    private static void WriteTable(TextWriter output, ResultReading found, int maxRows)
    {
        IReadOnlyList<object?>[] all = [.. found.Rows];
        IReadOnlyList<object?>[] rows = [.. all.Take(maxRows)];
        TerminalTable.Write(
            output,
            [.. found.Columns.Select((name, column) => HoldsNumbers(rows, column) ? ">" + name : name)],
            rows.Select(row => row.Select(RoundedText).ToArray()));
        output.WriteLine(all.Length > rows.Length ? $"The first {rows.Length} rows; --rows shows more."
            : rows.Length == 1 ? "1 row"
            : $"{rows.Length} rows");
    }

    private static bool HoldsNumbers(IReadOnlyList<object?>[] rows, int column)
    {
        object[] values = [.. rows.Select(row => row[column]).OfType<object>()];
        return values.Length > 0 && values.All(value => Number(value) is not null);
    }

    private static void WriteCsv(TextWriter output, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<object?>> rows)
    {
        using CsvWriter csv = new(output, CultureInfo.InvariantCulture, leaveOpen: true);
        foreach (string column in columns)
        {
            csv.WriteField(column);
        }

        csv.NextRecord();
        foreach (IReadOnlyList<object?> row in rows)
        {
            foreach (object? value in row)
            {
                csv.WriteField(value is string text ? CsvText.Guarded(text) : Text(value));
            }

            csv.NextRecord();
        }
    }

    private static void WriteJson(TextWriter output, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<object?>> rows)
    {
        string start = "[";
        foreach (IReadOnlyList<object?> row in rows)
        {
            JsonObject item = [];
            foreach ((int index, string column) in columns.Index())
            {
                item[column] = Node(row[index]);
            }

            output.Write($"{start}\n  {item.ToJsonString(DocumentContract.Indented).Replace("\n", "\n  ", StringComparison.Ordinal)}");
            start = ",";
        }

        output.WriteLine(start == "[" ? "[]" : "\n]");
    }

    private static JsonNode? Node(object? value) => value switch
    {
        null => null,
        bool flag => JsonValue.Create(flag),
        _ when Number(value) is { } number => double.IsFinite(number) ? JsonNode.Parse(Text(value)) : JsonValue.Create(Text(value)),
        _ => JsonValue.Create(Text(value)),
    };

    private static double? Number(object? value) => value switch
    {
        double or float or decimal or sbyte or short or int or long or byte or ushort or uint or ulong =>
            Convert.ToDouble(value, CultureInfo.InvariantCulture),
        BigInteger big => (double)big,
        _ => null,
    };

    private static string RoundedText(object? value) => value is double or float
        ? NumberText.Of(Convert.ToDouble(value, CultureInfo.InvariantCulture))
        : Text(value);

    private static string Text(object? value) => value switch
    {
        null => "",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        System.Collections.IEnumerable list and not string => $"[{string.Join(", ", list.Cast<object?>().Select(Text))}]",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}

/// <summary>How the answer of a query is written.</summary>
internal enum QueryFormat
{
    /// <summary>A table for people, with numbers of four significant digits.</summary>
    Table,

    /// <summary>CSV with all digits.</summary>
    Csv,

    /// <summary>A JSON array with an object for each row, with all digits.</summary>
    Json,
}
