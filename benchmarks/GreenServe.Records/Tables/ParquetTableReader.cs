using System.Globalization;
using GreenServe.Records.Documents;
using Parquet;
using Parquet.Schema;

namespace GreenServe.Records.Tables;

/// <summary>Reads a table of a record from a Parquet file with the columns of its CSV file.</summary>
internal sealed class ParquetTableReader : TableReader
{
    /// <summary>Rows of one row group, which is read into memory at once. It is what common writers make at most.</summary>
    private const int MaxGroupRows = 1 << 20;

    private readonly FileStream stream;
    private readonly ParquetReader parquet;
    private readonly Dictionary<string, DataField> fields;
    private readonly Dictionary<string, (Array Cells, RecordColumn Column)> group = [];
    private int row;
    private int rowsBefore;

    private ParquetTableReader(string path, FileStream stream, ParquetReader parquet)
    {
        File = path;
        this.stream = stream;
        this.parquet = parquet;
        fields = parquet.Schema.DataFields.ToDictionary(field => field.Name);
        EstimatedRows = (int)Math.Clamp(parquet.RowGroups.Sum(rows => (double)rows.RowCount), 0, MaxEstimatedRows);
    }

    internal override int EstimatedRows { get; }

    internal override IReadOnlyCollection<string> Columns => fields.Keys;

    protected override string File { get; }

    protected override int Place => rowsBefore + row + 1;

    internal static ParquetTableReader Open(string path)
    {
        FileStream stream = InputFile.OpenRegular(path);
        try
        {
            return new ParquetTableReader(path, stream, ParquetReader.CreateAsync(stream).GetAwaiter().GetResult());
        }
        catch (Exception exception) when (IsOfTheFile(exception))
        {
            stream.Dispose();
            throw new InvalidInputException(new Problem("table", "a damaged file", "a Parquet file", path));
        }
    }

    internal override IEnumerable<T> Rows<T>(Func<TableReader, T> read)
    {
        for (int index = 0; index < parquet.RowGroupCount; index++)
        {
            row = 0;
            int count = Load(index);
            for (row = 0; row < count; row++)
            {
                yield return read(this);
            }

            rowsBefore += count;
        }
    }

    public override string? Text(string column) => Cells(column, out _) switch
    {
        string?[] texts => texts[row] is { Length: > 0 } text ? text : null,
        null => null,
        _ => throw Bad(column, "numbers", "text"),
    };

    public override long? Whole(string column) => Cells(column, out RecordColumn? known) switch
    {
        long?[] values => values[row] is not { } value || known!.Accepts(value) ? values[row] : throw OutOfRange(known, value),
        null => null,
        _ => throw Bad(column, "another type", "whole numbers (INT64)"),
    };

    public override double? Number(string column) => Cells(column, out RecordColumn? known) switch
    {
        double?[] values => values[row] is not { } value || known!.Accepts(value) ? values[row] : throw OutOfRange(known, value),
        long?[] values => values[row] is not { } value || known!.Accepts(value) ? values[row] : throw OutOfRange(known, value),
        null => null,
        _ => throw Bad(column, "text", "numbers (DOUBLE)"),
    };

    protected override void Dispose(bool disposing)
    {
        parquet.DisposeAsync().AsTask().GetAwaiter().GetResult();
        stream.Dispose();
    }

    // The library decodes what the file says of itself. A damaged file makes it fail in any way, so that no list of types would do.
    private static bool IsOfTheFile(Exception exception) => exception is not InvalidInputException;

    private InvalidInputException OutOfRange(RecordColumn column, double value) =>
        Bad(column.Name, value.ToString("R", CultureInfo.InvariantCulture), column.Allowed);

    private Array? Cells(string column, out RecordColumn? known)
    {
        bool isThere = group.TryGetValue(column, out (Array Cells, RecordColumn Column) found);
        known = found.Column;
        return isThere ? found.Cells : null;
    }

    /// <summary>
    /// Reads all columns of one row group into memory. A group is small enough for that; the whole table may not be.
    /// </summary>
    private int Load(int index)
    {
        try
        {
            using ParquetRowGroupReader rows = parquet.OpenRowGroupReader(index);
            int count = rows.RowCount is >= 0 and <= MaxGroupRows
                ? (int)rows.RowCount
                : throw Bad("row group", $"{rows.RowCount} rows", $"row groups of at most {MaxGroupRows} rows");
            foreach (DataField field in fields.Values)
            {
                group[field.Name] = (Cells(rows, field, count), RecordColumn.Of(field.Name));
            }

            return count;
        }
        catch (Exception exception) when (IsOfTheFile(exception))
        {
            throw Bad("row group", "damaged data", "a Parquet file that can be decoded");
        }
    }

    private Array Cells(ParquetRowGroupReader rows, DataField field, int count) =>
        field.ClrType == typeof(string) || field.ClrType == typeof(ReadOnlyMemory<char>) ? Texts(rows, field, count)
        : field.ClrType == typeof(long) ? Values<long>(rows, field, count)
        : field.ClrType == typeof(double) ? Values<double>(rows, field, count)
        : throw Bad(field.Name, field.ClrType.Name, "text, whole numbers (INT64) or numbers (DOUBLE)");

    private static string?[] Texts(ParquetRowGroupReader rows, DataField field, int count)
    {
        string?[] texts = new string?[count];
        rows.ReadAsync(field, texts.AsMemory()).AsTask().GetAwaiter().GetResult();
        Dictionary<string, string> pool = [];
        for (int index = 0; index < count; index++)
        {
            if (texts[index] is { } text && !pool.TryAdd(text, text))
            {
                texts[index] = pool[text];
            }
        }

        return texts;
    }

    private static T?[] Values<T>(ParquetRowGroupReader rows, DataField field, int count)
        where T : struct
    {
        T?[] values = new T?[count];
        if (field.IsNullable)
        {
            rows.ReadAsync<T>(field, values.AsMemory()).AsTask().GetAwaiter().GetResult();
            return values;
        }

        T[] all = new T[count];
        rows.ReadAsync<T>(field, all.AsMemory()).AsTask().GetAwaiter().GetResult();
        for (int index = 0; index < count; index++)
        {
            values[index] = all[index];
        }

        return values;
    }
}
