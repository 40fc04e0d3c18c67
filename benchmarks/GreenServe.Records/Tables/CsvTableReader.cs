using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace GreenServe.Records.Tables;

/// <summary>Reads a CSV table. A broken last row of an interrupted run is left out.</summary>
internal sealed class CsvTableReader : TableReader
{
    // Names of classes, meters and states repeat. Ids do not repeat and must not fill the pool.
    private const int MaxPooledTexts = 4096;
    private const int SampledBytes = 1 << 16;

    private readonly CsvRowReader rows;
    private readonly FrozenDictionary<string, int> indices;
    private readonly int fieldCount;
    private readonly bool toleratesBrokenLastRow;
    private readonly HashSet<string> pool = [];
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> pooled;

    internal CsvTableReader(string path, bool toleratesBrokenLastRow)
    {
        File = path;
        this.toleratesBrokenLastRow = toleratesBrokenLastRow;
        pooled = pool.GetAlternateLookup<ReadOnlySpan<char>>();
        EstimatedRows = Estimate(path);
        rows = new CsvRowReader(new StreamReader(path, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, bufferSize: 1 << 16));
        string[] header = rows.Read() ? [.. Enumerable.Range(0, rows.FieldCount).Select(index => rows.Field(index).ToString())] : [];
        fieldCount = header.Length;
        indices = header.Index().DistinctBy(pair => pair.Item).ToFrozenDictionary(pair => pair.Item, pair => pair.Index);
    }

    internal override int EstimatedRows { get; }

    internal override IReadOnlyCollection<string> Columns => indices.Keys;

    protected override string File { get; }

    protected override int Place => rows.RowLine;

    internal override IEnumerable<T> Rows<T>(Func<TableReader, T> read)
    {
        bool more = rows.Read();
        while (more)
        {
            T row;
            try
            {
                row = read(this);
                RequireWholeRow();
                more = rows.Read();
            }
            catch (InvalidInputException) when (toleratesBrokenLastRow && !rows.Read())
            {
                yield break;
            }

            yield return row;
        }
    }

    public override string? Text(string column)
    {
        ReadOnlySpan<char> field = Field(column);
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

    public override long? Whole(string column)
    {
        ReadOnlySpan<char> field = Field(column);
        return field.IsEmpty ? null
            : long.TryParse(field, NumberStyles.Integer, CultureInfo.InvariantCulture, out long value) ? value
            : throw Bad(column, field.ToString(), "a whole number");
    }

    public override double? Number(string column)
    {
        ReadOnlySpan<char> field = Field(column);
        return field.IsEmpty ? null
            : double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value
            : throw Bad(column, field.ToString(), "a finite number");
    }

    protected override void Dispose(bool disposing) => rows.Dispose();

    /// <summary>
    /// Throws if the present row may have been cut short. Such a row may look like one whose last cells are absent, or end in a
    /// number that lost its last digits.
    /// </summary>
    private void RequireWholeRow()
    {
        if (rows.FieldCount != fieldCount)
        {
            throw Bad("row", $"{rows.FieldCount} fields", $"{fieldCount} as in the header");
        }

        if (toleratesBrokenLastRow && !rows.EndsInLineFeed)
        {
            throw Bad("row", "no end of line", "a whole row");
        }
    }

    private ReadOnlySpan<char> Field(string column) => indices.TryGetValue(column, out int index) ? rows.Field(index) : [];

    /// <summary>Estimates the number of rows from the line lengths at the beginning of the file.</summary>
    private static int Estimate(string path)
    {
        using FileStream file = System.IO.File.OpenRead(path);
        byte[] sample = new byte[SampledBytes];
        int read = file.ReadAtLeast(sample, SampledBytes, throwOnEndOfStream: false);
        int lines = sample.AsSpan(0, read).Count((byte)'\n');
        return (int)Math.Min(int.MaxValue / 2, read == 0 ? 0 : (long)(1.05 * file.Length / read * lines) + 1);
    }
}
