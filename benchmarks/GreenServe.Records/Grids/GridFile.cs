using System.Globalization;
using GreenServe.Records.Documents;
using GreenServe.Records.Tables;

namespace GreenServe.Records.Grids;

/// <summary>
/// Reads the signal of an electric grid from a CSV file. <c>docs/reference/cluster-file.md</c> explains the columns.
/// </summary>
/// <remarks>Lines that begin with <c>#</c> are remarks.</remarks>
public static class GridFile
{
    /// <summary>The end of the name of such a file.</summary>
    public const string Ending = ".csv";

    /// <summary>Column of the carbon intensity (gCO2e/kWh).</summary>
    public const string Carbon = "grams_per_kilowatt_hour";

    /// <summary>Column of the price of a kilowatt-hour.</summary>
    public const string Price = "price_per_kilowatt_hour";

    private const string Seconds = "seconds";
    private const string Time = "time";
    private const string CapShare = "cap_share";
    private const double MaxValue = 1e6;
    private const double MaxSeconds = 366 * 86_400;

    private static readonly string[] Values = [Carbon, Price, CapShare];

    /// <summary>Reads a file.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="allowsGaps">Whether cells may be empty, where a value is not known. Otherwise every cell needs a number.</param>
    /// <exception cref="InvalidInputException">The file is not a signal. The exception lists every problem.</exception>
    public static GridRows Read(string path, bool allowsGaps = false) => Parse(InputFile.ReadText(path), path, allowsGaps);

    /// <summary>Reads the rows of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="path">Name of the text in messages.</param>
    /// <param name="allowsGaps">Whether cells may be empty.</param>
    /// <exception cref="InvalidInputException">The text is not a signal. The exception lists every problem.</exception>
    public static GridRows Parse(string text, string path, bool allowsGaps = false)
    {
        List<Problem> problems = [];
        using CsvRowReader rows = new(new StringReader(string.Join('\n', Lines(text, path, problems))));
        string[] header = rows.Read() ? CellsOf(rows) : [];
        CheckHeader(header, path, rows.RowLine);
        Layout layout = new(header, path, allowsGaps);
        List<GridPoint> points = [];
        DateTimeOffset? start = null;
        double last = double.NegativeInfinity;
        while (rows.Read())
        {
            string[] cells = CellsOf(rows);
            int before = problems.Count;
            problems.AddRange(layout.Check(cells, rows.RowLine));
            if (layout.TimeOf(cells) is not { } at || problems.Skip(before).Any(problem => problem.Place is Seconds or Time or "row"))
            {
                continue;
            }

            start ??= at.Time;
            double seconds = at.Time is { } time ? (time - start!.Value).TotalSeconds : at.Seconds;
            problems.AddRange(Layout.OrderProblem(seconds, last, start) is { } allowed
                ? [new Problem(layout.First, cells[layout.PlaceOf(layout.First)], allowed, path, rows.RowLine)]
                : []);
            last = Math.Max(last, seconds);
            points.Add(new GridPoint(
                seconds, layout.Number(cells, Carbon), layout.Number(cells, Price), layout.Number(cells, CapShare) ?? 1));
        }

        problems.AddRange(points.Count == 0 && problems.Count == 0 ? [new Problem("file", "no rows", "at least one row", path)] : []);
        return problems.Count == 0
            ? new GridRows(points, start, header)
            : throw new InvalidInputException(problems.OrderBy(problem => problem.Line));
    }

    /// <summary>The lines of a text without remarks, and without those whose quotes would swallow the next.</summary>
    private static IEnumerable<string> Lines(string text, string path, List<Problem> problems)
    {
        foreach ((int index, string line) in text.ReplaceLineEndings("\n").Split('\n').Index())
        {
            bool isRemark = line.TrimStart().StartsWith('#');
            bool isOpen = !isRemark && line.Count(letter => letter == '"') % 2 != 0;
            if (isOpen)
            {
                problems.Add(new Problem("row", "a quote that is not closed", "numbers", path, index + 1));
            }

            yield return isRemark || isOpen ? "" : line;
        }
    }

    private static string[] CellsOf(CsvRowReader rows) =>
        [.. Enumerable.Range(0, rows.FieldCount).Select(index => rows.Field(index).Trim().ToString())];

    private static void CheckHeader(string[] header, string path, int line)
    {
        string[] unknown = [.. header.Except([Seconds, Time, .. Values])];
        string[] twice = [.. header.GroupBy(name => name).Where(group => group.Count() > 1).Select(group => group.Key)];
        int times = header.Count(name => name is Seconds or Time);
        string found = times == 0 ? $"no {Seconds} and no {Time}"
            : unknown.Length > 0 ? string.Join(", ", unknown)
            : twice.Length > 0 ? $"{string.Join(", ", twice)} more than once"
            : times > 1 ? $"both {Seconds} and {Time}"
            : header.Length == 1 ? $"{header[0]} alone"
            : "";
        if (found.Length > 0)
        {
            string allowed = $"{Seconds} or {Time}, and at least one of {string.Join(", ", Values)}";
            throw new InvalidInputException(new Problem("header", found, allowed, path, line));
        }
    }

    /// <summary>The columns of one file, and what their cells may hold.</summary>
    private sealed class Layout(string[] header, string path, bool allowsGaps)
    {
        internal string First { get; } = header.Contains(Time) ? Time : Seconds;

        internal int PlaceOf(string column) => Array.IndexOf(header, column);

        internal double? Number(string[] cells, string column) =>
            PlaceOf(column) is >= 0 and var place && double.TryParse(
                cells[place], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;

        /// <summary>The time of a row; <c>null</c> where the row has none that can be read.</summary>
        internal (DateTimeOffset? Time, double Seconds)? TimeOf(string[] cells) =>
            cells.Length != header.Length ? null
            : First == Time ? (UtcTime.Parse(cells[PlaceOf(Time)]) is { } time ? (time, 0) : null)
            : Number(cells, Seconds) is { } seconds ? (null, seconds) : null;

        internal IEnumerable<Problem> Check(string[] cells, int line) => cells.Length != header.Length
            ? [new Problem("row", $"{cells.Length} cells", $"{header.Length}, as in the header", path, line)]
            : header.Select(column => CellProblem(cells, column, line)).OfType<Problem>();

        internal static string? OrderProblem(double seconds, double lastSeconds, DateTimeOffset? start) => lastSeconds switch
        {
            double.NegativeInfinity when seconds != 0 => "0 in the first row",
            _ when seconds != Math.Floor(seconds) => "a whole number of seconds",
            _ when seconds > lastSeconds => null,
            _ when start is { } zero => $"a time later than the {UtcTime.Of(zero.AddSeconds(lastSeconds))} of an earlier row",
            _ => FormattableString.Invariant($"more than the {lastSeconds} of an earlier row"),
        };

        private Problem? CellProblem(string[] cells, string column, int line)
        {
            string text = cells[PlaceOf(column)];
            (double low, double high, string allowed) = column switch
            {
                Seconds => (0, MaxSeconds, $"a number from 0 to {MaxSeconds}"),
                Price => (-MaxValue, MaxValue, $"a number from {-MaxValue} to {MaxValue}"),
                CapShare => (double.Epsilon, 1, "a number in (0, 1]"),
                _ => (0, MaxValue, $"a number from 0 to {MaxValue}"),
            };
            bool isFine = column == Time
                ? UtcTime.Parse(text) is not null
                : (text.Length == 0 && allowsGaps && column != Seconds)
                    || (Number(cells, column) is { } value && value >= low && value <= high);
            return isFine ? null : new Problem(
                column, text.Length == 0 ? null : $"'{text}'", column == Time ? UtcTime.Allowed : allowed, path, line);
        }
    }
}

/// <summary>The rows of a file with the signal of a grid.</summary>
/// <param name="Points">The values of each row, from the time of the first row on.</param>
/// <param name="Start">Time of the first row (UTC); <c>null</c> where the file counts seconds and states no time.</param>
/// <param name="Columns">Names of its columns.</param>
public sealed record GridRows(IReadOnlyList<GridPoint> Points, DateTimeOffset? Start, IReadOnlyList<string> Columns);
