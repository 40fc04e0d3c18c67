using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using CsvHelper;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Queries;
using GreenServe.Cli.Terminal;
using GreenServe.Records.Documents;

namespace GreenServe.Cli.Commands.Records;

/// <summary>The answer of a query as text.</summary>
internal static class QueryText
{
    /// <summary>Writes an answer.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="found">The rows, one more than wanted if there are more.</param>
    /// <param name="format">How.</param>
    /// <param name="most">Rows wanted at most.</param>
    internal static void Write(TextWriter output, ResultRows found, QueryFormat format, int? most)
    {
        IReadOnlyList<object?>[] rows = [.. found.Rows.Take(most ?? int.MaxValue)];
        switch (format)
        {
            case QueryFormat.Csv:
                WriteCsv(output, found.Columns, rows);
                break;
            case QueryFormat.Json:
                output.WriteLine(Json(found.Columns, rows).ToJsonString(DocumentContract.Indented));
                break;
            default:
                WriteTable(output, found, rows);
                break;
        }
    }

    private static void WriteTable(TextWriter output, ResultRows found, IReadOnlyList<object?>[] rows)
    {
        bool[] isNumber = [.. found.Columns.Select((_, column) => rows.Any(row => row[column] is not null) && rows.All(row => row[column] is null || Number(row[column]) is not null))];
        TerminalTable.Write(
            output,
            [.. found.Columns.Select((name, column) => isNumber[column] ? ">" + name : name)],
            rows.Select(row => row.Select(value => value is double or float ? NumberText.Of(Convert.ToDouble(value, CultureInfo.InvariantCulture)) : Text(value)).ToArray()));
        output.WriteLine(found.Rows.Count > rows.Length ? $"The first {rows.Length} rows; --rows shows more." : rows.Length == 1 ? "1 row" : $"{rows.Length} rows");
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
                csv.WriteField(Text(value));
            }

            csv.NextRecord();
        }
    }

    private static JsonArray Json(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<object?>> rows) => new([.. rows.Select(row =>
    {
        JsonObject item = [];
        foreach ((int index, string column) in columns.Index())
        {
            item[column] = Node(row[index]);
        }

        return item;
    })]);

    private static JsonNode? Node(object? value) => value switch
    {
        null => null,
        bool flag => JsonValue.Create(flag),
        _ when Number(value) is { } number => double.IsFinite(number) ? JsonNode.Parse(Text(value)) : JsonValue.Create(Text(value)),
        _ => JsonValue.Create(Text(value)),
    };

    private static double? Number(object? value) => value switch
    {
        double or float or decimal or sbyte or short or int or long or byte or ushort or uint or ulong => Convert.ToDouble(value, CultureInfo.InvariantCulture),
        BigInteger big => (double)big,
        _ => null,
    };

    private static string Text(object? value) => value switch
    {
        null => "",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        System.Collections.IEnumerable list and not string => $"[{string.Join(", ", list.Cast<object?>().Select(Text))}]",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
