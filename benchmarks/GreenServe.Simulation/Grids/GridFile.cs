using System.Globalization;
using System.Reflection;
using CsvHelper;
using CsvHelper.Configuration;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Simulation.Control;

namespace GreenServe.Simulation.Grids;

/// <summary>
/// Reads the signal of an electric grid: a CSV file, or one of the days that the suite comes with. <c>docs/reference/cluster-file.md</c>
/// explains the columns.
/// </summary>
/// <remarks>Lines that begin with <c>#</c> are remarks, where a file states its source.</remarks>
public static class GridFile
{
    private const string Ending = ".csv";
    private const string Folder = "grids/";
    private const double MaxValue = 1e6;
    private const double MaxSeconds = 366 * 86_400;

    /// <summary>The columns, of which only the first is required.</summary>
    private static readonly string[] Columns = ["seconds", "grams_per_kilowatt_hour", "price_per_kilowatt_hour", "cap_share"];

    private static readonly CsvConfiguration Configuration = new(CultureInfo.InvariantCulture)
    {
        AllowComments = true,
        BadDataFound = null,
        MissingFieldFound = null,
    };

    private static readonly Assembly Home = typeof(GridFile).Assembly;

    /// <summary>The names of the days that the suite comes with, in ordinal order.</summary>
    public static IReadOnlyList<string> Names => field ??= [.. Home.GetManifestResourceNames()
        .Where(file => file.StartsWith(Folder, StringComparison.Ordinal))
        .Select(file => file[Folder.Length..^Ending.Length])
        .Order(StringComparer.Ordinal)];

    /// <summary>Finds a signal by its name, or reads it from a file.</summary>
    /// <param name="nameOrPath">The name, in any case, or the path of a <c>.csv</c> file.</param>
    /// <exception cref="InvalidInputException">The signal is not known or not valid. The exception lists every problem.</exception>
    public static IReadOnlyList<GridPoint> Find(string nameOrPath)
    {
        if (Names.FirstOrDefault(name => name.Equals(nameOrPath, StringComparison.OrdinalIgnoreCase)) is { } known)
        {
            using StreamReader reader = new(Home.GetManifestResourceStream($"{Folder}{known}{Ending}")!);
            return Parse(reader.ReadToEnd(), $"{Folder}{known}{Ending}");
        }

        return IsPath(nameOrPath)
            ? Parse(InputFile.ReadText(nameOrPath), nameOrPath)
            : throw new InvalidInputException(new Problem(
                "grid", $"'{nameOrPath}'", $"one of {string.Join(", ", Names)}, or the path of a {Ending} file"));
    }

    /// <summary>Whether a text is the path of a file and not a name.</summary>
    internal static bool IsPath(string nameOrPath) =>
        nameOrPath.EndsWith(Ending, StringComparison.OrdinalIgnoreCase) || nameOrPath.Contains('/', StringComparison.Ordinal);

    /// <summary>Reads the points of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="path">Name of the text in messages.</param>
    /// <exception cref="InvalidInputException">The text is not a signal. The exception lists every problem.</exception>
    internal static IReadOnlyList<GridPoint> Parse(string text, string path)
    {
        try
        {
            using StringReader reader = new(text);
            using CsvReader csv = new(reader, Configuration);
            string[] header = csv.Read() && csv.ReadHeader() ? csv.HeaderRecord ?? [] : [];
            CheckHeader(header, path, csv.Parser.RawRow);
            return ReadRows(csv, header, path);
        }
        catch (CsvHelperException)
        {
            throw new InvalidInputException(new Problem("file", "damaged rows", "a CSV file of a grid signal", path));
        }
    }

    private static List<GridPoint> ReadRows(CsvReader csv, string[] header, string path)
    {
        List<GridPoint> points = [];
        List<Problem> problems = [];
        double last = double.NegativeInfinity;
        while (csv.Read())
        {
            int line = csv.Parser.RawRow;
            if (csv.Parser.Count != header.Length)
            {
                problems.Add(new Problem("row", $"{csv.Parser.Count} cells", $"{header.Length}, as in the header", path, line));
                continue;
            }

            if (csv.Parser.RawRecord.Count(letter => letter == '"') % 2 != 0)
            {
                problems.Add(new Problem("row", "a quote that is not closed", "numbers", path, line));
                continue;
            }

            int before = problems.Count;
            problems.AddRange(header.Select(column => CellProblem(csv, column, path)).OfType<Problem>());
            if (Number(csv, Columns[0]) is not { } seconds || problems.Skip(before).Any(problem => problem.Place == Columns[0]))
            {
                continue;
            }

            problems.AddRange(TimeProblem(seconds, last) is { } allowed ? [new Problem(Columns[0], seconds, allowed, path, line)] : []);
            last = Math.Max(last, seconds);
            points.Add(new GridPoint(seconds, Number(csv, Columns[1]), Number(csv, Columns[2]), Number(csv, Columns[3]) ?? 1));
        }

        problems.AddRange(points.Count == 0 && problems.Count == 0 ? [new Problem("file", "no rows", "at least a row at 0 s", path)] : []);
        return problems.Count == 0 ? points : throw new InvalidInputException(problems);
    }

    private static string? TimeProblem(double seconds, double lastSeconds) => lastSeconds switch
    {
        double.NegativeInfinity when seconds != 0 => "0 in the first row",
        _ when seconds != Math.Floor(seconds) => WholeSeconds.Allowed,
        _ when seconds <= lastSeconds => FormattableString.Invariant($"more than the {lastSeconds} of an earlier row"),
        _ => null,
    };

    private static Problem? CellProblem(CsvReader csv, string column, string path)
    {
        string text = csv.GetField(column)?.Trim() ?? "";
        (double low, double high, string allowed) = column switch
        {
            "seconds" => (0, MaxSeconds, $"a number from 0 to {MaxSeconds}"),
            "price_per_kilowatt_hour" => (-MaxValue, MaxValue, $"a number from {-MaxValue} to {MaxValue}"),
            "cap_share" => (double.Epsilon, 1, "a number in (0, 1]"),
            _ => (0, MaxValue, $"a number from 0 to {MaxValue}"),
        };
        return Number(csv, column) is { } value && value >= low && value <= high
            ? null
            : new Problem(column, text.Length == 0 ? null : $"'{text}'", allowed, path, csv.Parser.RawRow);
    }

    private static void CheckHeader(string[] header, string path, int line)
    {
        string[] unknown = [.. header.Except(Columns)];
        string[] twice = [.. header.GroupBy(name => name).Where(group => group.Count() > 1).Select(group => group.Key)];
        string found = !header.Contains(Columns[0]) ? $"no {Columns[0]}"
            : unknown.Length > 0 ? string.Join(", ", unknown)
            : twice.Length > 0 ? $"{string.Join(", ", twice)} more than once"
            : header.Length == 1 ? $"{Columns[0]} alone"
            : "";
        if (found.Length > 0)
        {
            string allowed = $"{Columns[0]} and at least one of {string.Join(", ", Columns.Skip(1))}";
            throw new InvalidInputException(new Problem("header", found, allowed, path, line));
        }
    }

    private static double? Number(CsvReader csv, string column) =>
        double.TryParse(csv.GetField(column), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;
}
