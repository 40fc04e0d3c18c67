using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using GreenServe.Records;

namespace GreenServe.Workloads.Traces;

/// <summary>Reads traces in the CSV formats row by row.</summary>
internal static class CsvTraceReader
{
    private static readonly CsvConfiguration Configuration = new(CultureInfo.InvariantCulture)
    {
        BadDataFound = null,
        MissingFieldFound = null,
        IgnoreBlankLines = false,
        MaxFieldSize = LongestField,
    };

    // Longest field in characters. A quote that is never closed would take the rest of the file into one field.
    private const int LongestField = 4096;
    private const int MaxHeaderShown = 200;

    /// <summary>
    /// Reads the header at once, and the rows while they are enumerated. Rows that cannot be read are added to
    /// <paramref name="problems"/>.
    /// </summary>
    /// <exception cref="InvalidInputException">The header is not that of the format.</exception>
    internal static (IEnumerable<TraceRow> Rows, TraceColumns Columns) Open(
        TextReader text, string file, TraceFormat format, RowProblems problems)
    {
        CsvParser csv = new(text, Configuration, leaveOpen: true);
        string[] header = TryRead(csv, problems) ? [.. (csv.Record ?? []).Select(name => name.Trim())] : [];
        problems.ThrowIfAny();
        TraceColumns[] candidates = [.. TraceColumns.All.Where(columns => format is TraceFormat.Automatic || columns.Format == format)];
        TraceColumns known = candidates.FirstOrDefault(columns => columns.Fit(header)) ?? throw new InvalidInputException(new Problem(
            "header",
            header.Length == 0 ? "an empty file" : $"'{Shortened(string.Join(",", header))}'",
            "the columns " + string.Join("; or ", candidates.Select(columns => $"{columns.Arrival}, {columns.Input}, {columns.Output}"))
                + (format == TraceFormat.Automatic ? "; or JSON lines" : ""),
            file,
            1));
        return (Rows(csv, header, known, problems), known);
    }

    private static IEnumerable<TraceRow> Rows(CsvParser csv, string[] header, TraceColumns columns, RowProblems problems)
    {
        int[] places = [IndexOf(header, columns.Arrival), IndexOf(header, columns.Input), IndexOf(header, columns.Output)];
        List<int> blankLines = [];
        while (TryRead(csv, problems))
        {
            // Empty lines at the end of a file are harmless. One in the middle means that something is missing.
            if (csv.Count == 1 && csv[0].Length == 0)
            {
                blankLines.Add(csv.RawRow);
                continue;
            }

            foreach (int line in blankLines)
            {
                problems.Add("row", "an empty row", $"{header.Length} fields", line);
            }

            blankLines.Clear();
            if (csv.Count != header.Length)
            {
                problems.Add("row", $"{csv.Count} fields", $"{header.Length} fields", csv.RawRow);
            }
            else if (ReadRow(csv, places, columns, problems) is { } row)
            {
                yield return row;
            }
        }
    }

    private static bool TryRead(CsvParser csv, RowProblems problems)
    {
        try
        {
            return csv.Read();
        }
        catch (CsvHelperException)
        {
            problems.Add("row", "a field without an end", $"fields of at most {LongestField} letters and closed quotes", csv.RawRow);
            return false;
        }
    }

    private static string Shortened(string text) => text.Length <= MaxHeaderShown ? text : text[..MaxHeaderShown] + "...";

    private static TraceRow? ReadRow(CsvParser csv, int[] places, TraceColumns columns, RowProblems problems)
    {
        int line = csv.RawRow;
        long? ticks = columns.ReadTicks(csv[places[0]]);
        if (ticks is null)
        {
            problems.Add(columns.Arrival, $"'{csv[places[0]]}'", columns.ArrivalAllowed, line);
        }

        long? input = Tokens(csv[places[1]], columns.Input, line, problems);
        long? output = Tokens(csv[places[2]], columns.Output, line, problems);
        return ticks is null || input is null || output is null ? null : new TraceRow(line, ticks.Value, input.Value, output.Value);
    }

    private static long? Tokens(string text, string column, int line, RowProblems problems)
    {
        if (TraceFile.TryReadTokens(text, out long tokens))
        {
            return tokens;
        }

        problems.Add(column, $"'{text}'", TraceFile.TokensAllowed, line);
        return null;
    }

    private static int IndexOf(string[] header, string column) =>
        Array.FindIndex(header, name => string.Equals(name, column, StringComparison.OrdinalIgnoreCase));
}
