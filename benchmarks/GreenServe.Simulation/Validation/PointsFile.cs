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

    /// <summary>The columns that may hold words, since some sources only describe their lengths.</summary>
    private static readonly string[] Lengths = ["in_tokens", "out_tokens"];

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

    /// <summary>
    /// Every row of the file. A length in words, such as "~380 inferred", counts as not reported, and a clock that changed, such as
    /// "2842-&gt;180", as one that cannot be simulated. Any other cell with a number's place must hold a number or nothing.
    /// </summary>
    /// <exception cref="InvalidInputException">
    /// The file cannot be read, lacks columns, has rows of another width than its header, or has cells that are not understood. The
    /// exception lists every problem.
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
        CheckHeader(header, path);

        List<T> points = [];
        List<Problem> problems = [];
        Dictionary<string, int> lines = [];
        while (csv.Read())
        {
            int before = problems.Count;
            problems.AddRange(csv.Parser.Count == header.Length
                ? [.. CheckNames(csv, path, lines), .. CheckNumbers(csv, path)]
                : [new Problem("row", $"{csv.Parser.Count} cells", $"{header.Length}, as in the header", path, csv.Parser.RawRow)]);
            if (problems.Count == before)
            {
                points.Add(read(csv, ReadRow(csv, path)));
            }
        }

        return problems.Count == 0 ? points : throw new InvalidInputException(problems);
    }

    /// <exception cref="InvalidInputException">The header lacks columns. One problem names them all.</exception>
    private static void CheckHeader(string[] header, string path)
    {
        string[] missing = [.. Columns.Except(header)];
        if (missing.Length == 0)
        {
            return;
        }

        string columns = string.Join(", ", Columns);
        throw new InvalidInputException(missing.Length == Columns.Length
            ? new Problem("header", "none of the columns", $"{columns}, separated by commas", path, 1)
            : new Problem("header", $"no {string.Join(", ", missing)}", $"the columns {columns}", path, 1));
    }

    private static MeasuredPoint ReadRow(CsvReader csv, string path) => new()
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
        ChangingClock = Number(csv, "freq_mhz") is null ? OptionalText(csv, "freq_mhz") : null,
        Stack = OptionalText(csv, "stack"),
        Protocol = OptionalText(csv, "protocol") is { } protocol ? PathBeside(path, protocol) : null,
        TtftSeconds = Number(csv, "ttft_ms") / 1e3,
        TbtSeconds = Number(csv, "tbt_ms") / 1e3,
        OutputTokensPerSecond = Number(csv, "out_tok_s"),
        Watts = Number(csv, "power_w_total"),
        JoulesPerOutputToken = Number(csv, "j_per_out_tok"),
        WordsForNumbers = string.Join(", ", Lengths.Where(column => IsNoNumber(csv, column))
            .Select(column => $"{column} '{Text(csv, column)}'")),
        Line = csv.Parser.RawRow,
    };

    /// <summary>The path of a protocol beside the file of points; the text itself where it names no file.</summary>
    private static string PathBeside(string pointsPath, string protocol)
    {
        string path = Path.Combine(Path.GetDirectoryName(pointsPath) ?? "", protocol);
        return protocol.Contains('/', StringComparison.Ordinal) || protocol.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase)
            ? path
            : protocol;
    }

    private static IEnumerable<Problem> CheckNames(CsvReader csv, string path, Dictionary<string, int> lines)
    {
        int line = csv.Parser.RawRow;
        string id = Text(csv, "id");
        if (id.Length == 0)
        {
            yield return new Problem("id", null, "an identifier", path, line);
        }
        else if (!lines.TryAdd(id, line))
        {
            yield return new Problem("id", $"'{id}', which line {lines[id]} has too", "an identifier of its own", path, line);
        }

        string split = Text(csv, "split");
        if (split != MeasuredPoint.ValidationSplit && !split.StartsWith(MeasuredPoint.CalibrationSplit, StringComparison.Ordinal))
        {
            string allowed = $"{MeasuredPoint.ValidationSplit}, or a text that begins with {MeasuredPoint.CalibrationSplit}";
            yield return new Problem("split", $"'{split}'", allowed, path, line);
        }
    }

    private static IEnumerable<Problem> CheckNumbers(CsvReader csv, string path)
    {
        int line = csv.Parser.RawRow;
        foreach ((string column, double max) in Largest)
        {
            bool isWhole = column is "tp" or "requests";
            if (IsNoNumber(csv, column) && !MayHoldWords(column, Text(csv, column)))
            {
                yield return new Problem(column, $"'{Text(csv, column)}'", "a number or nothing", path, line);
            }
            else if (Number(csv, column) is { } value && !(value > 0 && value <= max && (!isWhole || double.IsInteger(value))))
            {
                string allowed = isWhole ? $"a whole number in [1, {max:R}], or nothing" : $"a number in (0, {max:R}], or nothing";
                yield return new Problem(column, Text(csv, column), allowed, path, line);
            }
        }
    }

    private static bool IsNoNumber(CsvReader csv, string column) => Text(csv, column).Length > 0 && Number(csv, column) is null;

    /// <summary>
    /// Whether a text is no mistyped number: of a length a remark that begins with no digit and has several words or a "~", of a clock its
    /// change from one value to another.
    /// </summary>
    private static bool MayHoldWords(string column, string text) => column switch
    {
        "in_tokens" or "out_tokens" => text[0] == '~' || (char.IsLetter(text[0]) && text.Contains(' ', StringComparison.Ordinal)),
        "freq_mhz" => text.Contains("->", StringComparison.Ordinal),
        _ => false,
    };

    private static string Text(CsvReader csv, string column) => csv.GetField(column)?.Trim() ?? "";

    internal static string? OptionalText(CsvReader csv, string column) => Text(csv, column) is { Length: > 0 } text ? text : null;

    internal static double? Number(CsvReader csv, string column) =>
        double.TryParse(Text(csv, column), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;
}
