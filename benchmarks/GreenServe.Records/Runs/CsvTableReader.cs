using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace GreenServe.Records.Runs;

/// <summary>Reads one table of a record, row by row, by column name. A broken last row of an interrupted run is left out.</summary>
internal sealed class CsvTableReader : IDisposable
{
    private static readonly CsvConfiguration Configuration = new(CultureInfo.InvariantCulture) { BadDataFound = null, MissingFieldFound = null };
    private readonly CsvReader csv;
    private readonly string file;
    private readonly Dictionary<string, int> indices;
    private readonly bool toleratesBrokenLastRow;

    internal CsvTableReader(string path, string[] requiredColumns, bool toleratesBrokenLastRow)
    {
        file = path;
        this.toleratesBrokenLastRow = toleratesBrokenLastRow;
        csv = new CsvReader(new StreamReader(path), Configuration);
        string[] header = csv.Read() && csv.ReadHeader() ? csv.HeaderRecord ?? [] : [];
        indices = header.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        Problem[] missing = [.. requiredColumns.Where(column => !indices.ContainsKey(column))
            .Select(column => new Problem(column, "no such column", $"the columns {string.Join(", ", requiredColumns)}", path, 1))];
        if (missing.Length > 0)
        {
            throw new InvalidInputException(missing);
        }
    }

    /// <summary>Every row that can be read.</summary>
    internal IEnumerable<T> Rows<T>(Func<CsvTableReader, T> read)
    {
        bool more = csv.Read();
        while (more)
        {
            T row;
            try
            {
                row = read(this);
                more = csv.Read();
            }
            catch (InvalidInputException) when (toleratesBrokenLastRow && !csv.Read())
            {
                yield break;
            }

            yield return row;
        }
    }

    internal string? Text(string column) => Field(column) is { Length: > 0 } text ? text : null;

    internal string RequiredText(string column) => Text(column) ?? throw Bad(column, null, "text");

    internal long? Whole(string column) => Text(column) is not { } text ? null
        : long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out long value) ? value
        : throw Bad(column, text, "a whole number");

    internal long RequiredWhole(string column) => Whole(column) ?? throw Bad(column, null, "a whole number");

    internal double? Number(string column) => Text(column) is not { } text ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value
        : throw Bad(column, text, "a finite number");

    internal double RequiredNumber(string column) => Number(column) ?? throw Bad(column, null, "a finite number");

    internal T RequiredEnum<T>(string column)
        where T : struct, Enum
    {
        string text = RequiredText(column);
        return EnumText.TryParse(text, out T value)
            ? value
            : throw Bad(column, text, $"one of {string.Join(", ", Enum.GetValues<T>().Select(EnumText.Of))}");
    }

    public void Dispose() => csv.Dispose();

    private string? Field(string column) => indices.TryGetValue(column, out int index) ? csv.GetField(index) : null;

    private InvalidInputException Bad(string column, string? found, string allowed) =>
        new(new Problem(column, found, allowed, file, csv.Parser.RawRow));
}
