using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using GreenServe.Records.Documents;

namespace GreenServe.Records.Tables;

/// <summary>Reads a CSV table. A broken last row of an interrupted run is left out.</summary>
internal sealed class CsvTableReader : TableReader
{
    // Names of classes, meters and states repeat. Ids do not repeat and must not fill the pool.
    private const int MaxPooledTexts = 4096;

    /// <summary>Longest row, so that a file without line ends does not fill the memory. Errors of servers are cut long before.</summary>
    private const int MaxRowLetters = 1 << 20;

    private readonly CsvRowReader rows;
    private readonly FrozenDictionary<string, int> indices;
    private readonly RecordColumn[] columns;
    private readonly bool toleratesBrokenLastRow;
    private readonly HashSet<string> pool = [];
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> pooled;

    internal CsvTableReader(string path, bool toleratesBrokenLastRow)
    {
        File = path;
        this.toleratesBrokenLastRow = toleratesBrokenLastRow;
        pooled = pool.GetAlternateLookup<ReadOnlySpan<char>>();
        FileStream file = InputFile.OpenRegular(path);
        rows = new CsvRowReader(
            new StreamReader(file, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, bufferSize: 1 << 16), MaxRowLetters);
        try
        {
            string[] header = ReadRow() ? [.. Enumerable.Range(0, rows.FieldCount).Select(index => rows.Field(index).ToString())] : [];
            columns = [.. header.Select(RecordColumn.Of)];
            RequireOwnNames(header);
            indices = header.Index().ToFrozenDictionary(pair => pair.Item, pair => pair.Index);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    internal override IReadOnlyCollection<string> Columns => indices.Keys;

    protected override string File { get; }

    protected override int Place => rows.RowLine;

    internal override IEnumerable<T> Rows<T>(Func<TableReader, T> read)
    {
        bool more = ReadRow();
        while (more)
        {
            T row;
            try
            {
                row = read(this);
                RequireWholeRow();
                more = ReadRow();
            }
            catch (InvalidInputException) when (toleratesBrokenLastRow && !rows.Read())
            {
                yield break;
            }

            yield return row;
        }
    }

    internal override int IndexOf(string column) => indices.GetValueOrDefault(column, -1);

    internal override string? Text(int index)
    {
        ReadOnlySpan<char> field = Field(index);
        if (field.IsEmpty)
        {
            return null;
        }

        if (pooled.TryGetValue(field, out string? known))
        {
            return known;
        }

        string text = field.ToString();
        if (pool.Count < MaxPooledTexts)
        {
            pool.Add(text);
        }

        return text;
    }

    internal override long? Whole(int index)
    {
        ReadOnlySpan<char> field = Field(index);
        return field.IsEmpty ? null
            : long.TryParse(field, NumberStyles.Integer, CultureInfo.InvariantCulture, out long value) && columns[index].Accepts(value)
                ? value
            : throw Bad(columns[index].Name, field.ToString(), AllowedWhole(columns[index]));
    }

    internal override double? Number(int index)
    {
        ReadOnlySpan<char> field = Field(index);
        return field.IsEmpty ? null
            : double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && columns[index].Accepts(value)
                ? value
            : throw Bad(columns[index].Name, field.ToString(), columns[index].Allowed);
    }

    protected override void Dispose(bool disposing) => rows.Dispose();

    /// <summary>
    /// Throws if the present row may have been cut short. Such a row may look like one whose last cells are absent, or end in a
    /// number that lost its last digits.
    /// </summary>
    private void RequireWholeRow()
    {
        if (rows.FieldCount != columns.Length)
        {
            throw Bad("row", $"{rows.FieldCount} fields", $"{columns.Length} as in the header");
        }

        if (toleratesBrokenLastRow && !rows.EndsInLineFeed)
        {
            throw Bad("row", "no end of line", "a whole row");
        }
    }

    private bool ReadRow()
    {
        try
        {
            return rows.Read();
        }
        catch (InvalidDataException)
        {
            throw Bad("row", $"more than {MaxRowLetters} letters", $"rows of at most {MaxRowLetters} letters");
        }
        catch (IOException exception)
        {
            throw Bad("file", InputFile.ReasonOf(exception), "a file that can be read to its end");
        }
    }

    /// <summary>Throws if two columns have one name: nobody can tell which of them is meant.</summary>
    private void RequireOwnNames(string[] header)
    {
        string[] repeated = [.. header.GroupBy(name => name).Where(group => group.Count() > 1).Select(group => group.Key)];
        if (repeated.Length > 0)
        {
            throw Bad("header", $"two columns {repeated[0]}", "columns with names of their own");
        }
    }

    private ReadOnlySpan<char> Field(int index) => index < 0 ? [] : rows.Field(index);

    private static string AllowedWhole(RecordColumn column) => column.Kind == ColumnKind.Whole ? column.Allowed : "a whole number";
}
