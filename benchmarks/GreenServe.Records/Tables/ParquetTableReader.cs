using Parquet;
using Parquet.Schema;

namespace GreenServe.Records.Tables;

/// <summary>Reads a table of a record from a Parquet file with the columns of its CSV file.</summary>
internal sealed class ParquetTableReader : TableReader
{
    private readonly FileStream stream;
    private readonly ParquetReader parquet;
    private readonly Dictionary<string, DataField> fields;
    private readonly Dictionary<string, Array> group = [];
    private int row;
    private int rowsBefore;

    private ParquetTableReader(string path, FileStream stream, ParquetReader parquet)
    {
        File = path;
        this.stream = stream;
        this.parquet = parquet;
        fields = parquet.Schema.DataFields.ToDictionary(field => field.Name);
        EstimatedRows = (int)Math.Min(int.MaxValue / 2, parquet.RowGroups.Sum(rows => rows.RowCount));
    }

    internal override int EstimatedRows { get; }

    internal override IReadOnlyCollection<string> Columns => fields.Keys;

    protected override string File { get; }

    protected override int Place => rowsBefore + row + 1;

    internal static ParquetTableReader Open(string path)
    {
        FileStream stream = System.IO.File.OpenRead(path);
        try
        {
            return new ParquetTableReader(path, stream, ParquetReader.CreateAsync(stream).GetAwaiter().GetResult());
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or ParquetException or ArgumentException)
        {
            stream.Dispose();
            throw new InvalidInputException(new Problem("table", exception.Message, "a Parquet file", path));
        }
    }

    internal override IEnumerable<T> Rows<T>(Func<TableReader, T> read)
    {
        for (int index = 0; index < parquet.RowGroupCount; index++)
        {
            int count = Load(index);
            for (row = 0; row < count; row++)
            {
                yield return read(this);
            }

            rowsBefore += count;
        }
    }

    public override string? Text(string column) => Cell(column) switch
    {
        string?[] texts => texts[row] is { Length: > 0 } text ? text : null,
        null => null,
        _ => throw Bad(column, "numbers", "text"),
    };

    public override long? Whole(string column) => Cell(column) switch
    {
        long?[] values => values[row],
        null => null,
        _ => throw Bad(column, "another type", "whole numbers (INT64)"),
    };

    public override double? Number(string column) => Cell(column) switch
    {
        double?[] values => values[row] is { } value && !double.IsFinite(value)
            ? throw Bad(column, "a value that is not finite", "a finite number")
            : values[row],
        long?[] values => values[row],
        null => null,
        _ => throw Bad(column, "text", "numbers (DOUBLE)"),
    };

    protected override void Dispose(bool disposing)
    {
        parquet.DisposeAsync().AsTask().GetAwaiter().GetResult();
        stream.Dispose();
    }

    private Array? Cell(string column) => group.GetValueOrDefault(column);

    /// <summary>
    /// Reads all columns of one row group into memory. A group is small enough for that; the whole table may not be.
    /// </summary>
    private int Load(int index)
    {
        using ParquetRowGroupReader rows = parquet.OpenRowGroupReader(index);
        int count = (int)rows.RowCount;
        foreach (DataField field in fields.Values)
        {
            group[field.Name] = field.ClrType == typeof(string) || field.ClrType == typeof(ReadOnlyMemory<char>) ? Texts(rows, field, count)
                : field.ClrType == typeof(long) ? Values<long>(rows, field, count)
                : field.ClrType == typeof(double) ? Values<double>(rows, field, count)
                : throw Bad(field.Name, field.ClrType.Name, "text, whole numbers (INT64) or numbers (DOUBLE)");
        }

        return count;
    }

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
