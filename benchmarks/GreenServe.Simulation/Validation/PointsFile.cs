using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Requests;
using GreenServe.Records.Systems;

namespace GreenServe.Simulation.Validation;

/// <summary>Reads a CSV file of measured operating points. <c>docs/simulator.md</c> explains its columns.</summary>
public static class PointsFile
{
    /// <summary>The columns that a file must have.</summary>
    internal static readonly string[] Columns =
    [
        "id", "source", "split", "gpu", "model", "precision", "tp", "load", "in_tokens", "out_tokens", "freq_mhz", "stack", "ttft_ms",
        "tbt_ms", "out_tok_s", "power_w_total", "j_per_out_tok",
    ];

    /// <summary>The largest number of each column, in the column's own unit. A number beyond it is a mistake in the file.</summary>
    private static readonly Dictionary<string, double> Largest = new()
    {
        ["tp"] = ServingSystem.MaxGpuCount,
        ["requests"] = 100_000,
        ["in_tokens"] = RequestLimits.MaxTokens,
        ["out_tokens"] = RequestLimits.MaxTokens,
        ["freq_mhz"] = 10_000,
        ["ttft_ms"] = 1e9,
        ["tbt_ms"] = 1e9,
        ["out_tok_s"] = 1e9,
        ["power_w_total"] = 1e7,
        ["j_per_out_tok"] = 1e9,
    };

    private static readonly CsvConfiguration Configuration = new(CultureInfo.InvariantCulture)
    {
        BadDataFound = null,
        MissingFieldFound = null,
    };

    /// <summary>Every row of the file. A cell with words where a number belongs, such as "~380 inferred", counts as not reported.</summary>
    /// <exception cref="InvalidInputException">
    /// The file cannot be read, lacks columns, or has impossible numbers. The exception lists every problem.
    /// </exception>
    /// <param name="path">Path of the file.</param>
    public static IReadOnlyList<MeasuredPoint> Read(string path)
    {
        try
        {
            return Parse(InputFile.ReadText(path), path, (_, point) => point);
        }
        catch (CsvHelperException)
        {
            throw new InvalidInputException(new Problem("file", "damaged rows", "a CSV file of points", path));
        }
    }

    /// <summary>Reads the rows of a text that has at least the columns of a file of points.</summary>
    /// <typeparam name="T">What a row is read as.</typeparam>
    /// <param name="text">The text.</param>
    /// <param name="path">Name of the text in messages.</param>
    /// <param name="read">Makes a row of its point, and of what its further columns hold.</param>
    /// <exception cref="InvalidInputException">The text lacks columns, or has impossible numbers.</exception>
    internal static List<T> Parse<T>(string text, string path, Func<CsvReader, MeasuredPoint, T> read)
    {
        using StringReader reader = new(text);
        using CsvReader csv = new(reader, Configuration);
        string[] header = csv.Read() && csv.ReadHeader() ? csv.HeaderRecord ?? [] : [];
        string[] missing = [.. Columns.Except(header)];
        if (missing.Length > 0)
        {
            string allowed = $"the columns {string.Join(", ", Columns)}";
            throw new InvalidInputException(missing.Select(column => new Problem(column, "no such column", allowed, path, 1)));
        }

        List<T> points = [];
        List<Problem> problems = [];
        while (csv.Read())
        {
            int before = problems.Count;
            problems.AddRange(Check(csv, path));
            if (problems.Count == before)
            {
                points.Add(read(csv, ReadRow(csv)));
            }
        }

        return problems.Count == 0 ? points : throw new InvalidInputException(problems);
    }

    private static MeasuredPoint ReadRow(CsvReader csv) => new()
    {
        Id = Text(csv, "id"),
        Source = Text(csv, "source"),
        Split = Text(csv, "split"),
        Gpu = Text(csv, "gpu"),
        Model = Text(csv, "model"),
        Precision = OptionalText(csv, "precision"),
        TensorParallelism = (int?)Number(csv, "tp"),
        Load = OptionalText(csv, "load"),
        Requests = (int?)Number(csv, "requests"),
        InputTokens = Number(csv, "in_tokens"),
        OutputTokens = Number(csv, "out_tokens"),
        ClockMegahertz = Number(csv, "freq_mhz"),
        Stack = OptionalText(csv, "stack"),
        Protocol = OptionalText(csv, "protocol"),
        TtftSeconds = Number(csv, "ttft_ms") / 1e3,
        TbtSeconds = Number(csv, "tbt_ms") / 1e3,
        OutputTokensPerSecond = Number(csv, "out_tok_s"),
        Watts = Number(csv, "power_w_total"),
        JoulesPerOutputToken = Number(csv, "j_per_out_tok"),
        Line = csv.Parser.RawRow,
    };

    private static IEnumerable<Problem> Check(CsvReader csv, string path)
    {
        int line = csv.Parser.RawRow;
        if (Text(csv, "id").Length == 0)
        {
            yield return new Problem("id", null, "an identifier", path, line);
        }

        foreach ((string column, double max) in Largest)
        {
            bool isWhole = column is "tp" or "requests";
            if (Number(csv, column) is { } value && !(value > 0 && value <= max && (!isWhole || double.IsInteger(value))))
            {
                string allowed = isWhole ? $"a whole number in [1, {max:R}], or nothing" : $"a number in (0, {max:R}], or nothing";
                yield return new Problem(column, Text(csv, column), allowed, path, line);
            }
        }
    }

    private static string Text(CsvReader csv, string column) => csv.GetField(column)?.Trim() ?? "";

    internal static string? OptionalText(CsvReader csv, string column) => Text(csv, column) is { Length: > 0 } text ? text : null;

    internal static double? Number(CsvReader csv, string column) =>
        double.TryParse(Text(csv, column), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;
}
