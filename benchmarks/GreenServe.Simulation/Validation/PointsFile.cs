using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Systems;

namespace GreenServe.Simulation.Validation;

/// <summary>Reads a CSV file of measured operating points. <c>docs/simulator.md</c> explains its columns.</summary>
public static class PointsFile
{
    private static readonly string[] Columns =
    [
        "id", "source", "split", "gpu", "model", "precision", "tp", "load", "in_tokens", "out_tokens", "freq_mhz", "stack", "ttft_ms",
        "tbt_ms", "out_tok_s", "power_w_total", "j_per_out_tok",
    ];

    private static readonly string[] PositiveColumns =
        ["in_tokens", "out_tokens", "freq_mhz", "ttft_ms", "tbt_ms", "out_tok_s", "power_w_total", "j_per_out_tok"];

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
        using StringReader text = new(InputFile.ReadText(path));
        using CsvReader csv = new(text, Configuration);
        string[] header = csv.Read() && csv.ReadHeader() ? csv.HeaderRecord ?? [] : [];
        string[] missing = [.. Columns.Except(header)];
        if (missing.Length > 0)
        {
            string allowed = $"the columns {string.Join(", ", Columns)}";
            throw new InvalidInputException(missing.Select(column => new Problem(column, "no such column", allowed, path, 1)));
        }

        List<MeasuredPoint> points = [];
        List<Problem> problems = [];
        while (csv.Read())
        {
            Problem[] found = [.. Check(csv, path)];
            problems.AddRange(found);
            if (found.Length == 0)
            {
                points.Add(ReadRow(csv));
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
        InputTokens = Number(csv, "in_tokens"),
        OutputTokens = Number(csv, "out_tokens"),
        ClockMegahertz = Number(csv, "freq_mhz"),
        Stack = OptionalText(csv, "stack"),
        TtftSeconds = Number(csv, "ttft_ms") / 1e3,
        TbtSeconds = Number(csv, "tbt_ms") / 1e3,
        OutputTokensPerSecond = Number(csv, "out_tok_s"),
        Watts = Number(csv, "power_w_total"),
        JoulesPerOutputToken = Number(csv, "j_per_out_tok"),
        Line = csv.Parser.RawRow,
    };

    /// <summary>Problems of a row, with the columns and the numbers as its author wrote them.</summary>
    private static IEnumerable<Problem> Check(CsvReader csv, string path)
    {
        int line = csv.Parser.RawRow;
        if (Text(csv, "id").Length == 0)
        {
            yield return new Problem("id", null, "an identifier", path, line);
        }

        foreach (string column in PositiveColumns)
        {
            if (Number(csv, column) is { } value && !(double.IsFinite(value) && value > 0))
            {
                yield return new Problem(column, Text(csv, column), "a number greater than 0, or nothing", path, line);
            }
        }

        if (Number(csv, "tp") is { } degree && !(degree >= 1 && degree <= ServingSystem.MaxGpuCount && double.IsInteger(degree)))
        {
            yield return new Problem("tp", Text(csv, "tp"), $"a whole number in [1, {ServingSystem.MaxGpuCount}], or nothing", path, line);
        }
    }

    private static string Text(CsvReader csv, string column) => csv.GetField(column)?.Trim() ?? "";

    private static string? OptionalText(CsvReader csv, string column) => Text(csv, column) is { Length: > 0 } text ? text : null;

    private static double? Number(CsvReader csv, string column) =>
        double.TryParse(Text(csv, column), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;
}
