using ParquetSharp;
using ParquetSharp.IO;
using ParquetSharp.Schema;

namespace GreenServe.Records.Tables;

/// <summary>A Parquet file of a record's table while it is written, one row group after the other.</summary>
/// <remarks>
/// Whole numbers are INT64 and rounded times are DECIMAL(18, 9) on INT64, both as packed differences. Other numbers are DOUBLE with their
/// bytes split into streams, texts are words of a dictionary, and all pages are compressed with Zstandard. No reader can use the file
/// before <see cref="Complete"/>.
/// </remarks>
internal sealed class ParquetFile : IDisposable
{
    /// <summary>Digits of a time in nanoseconds: 31 years.</summary>
    internal const int TimeDigits = 18;

    /// <summary>Decimal places of a time in seconds.</summary>
    internal const int TimePlaces = 9;

    // Higher levels save 3 % of the space and take half as much time again.
    private const int CompressionLevel = 1;
    private const int PageBytes = 1 << 20;
    private readonly WatchedStream stream;
    private readonly ManagedOutputStream output;
    private readonly ParquetFileWriter writer;

    /// <summary>Begins a file.</summary>
    /// <param name="stream">Where the file goes. It is closed with this object.</param>
    /// <param name="columns">The columns of the table.</param>
    internal ParquetFile(Stream stream, IReadOnlyList<RecordColumn> columns)
    {
        this.stream = new WatchedStream(stream);
        output = new ManagedOutputStream(this.stream, leaveOpen: true);
        using GroupNode schema = new("table", Repetition.Required, [.. columns.Select(NodeOf)]);
        using WriterProperties properties = PropertiesOf(columns);
        writer = Attempt(() => new ParquetFileWriter(output, schema, properties));
    }

    /// <summary>Number of rows that were written.</summary>
    internal long Rows { get; private set; }

    /// <summary>Length of what was written (bytes).</summary>
    internal long Bytes => stream.Written;

    /// <summary>Writes the rows of a group and forgets them there.</summary>
    /// <exception cref="IOException">The disk is full.</exception>
    internal void Write(RowGroup rows) => Attempt(() =>
    {
        using RowGroupWriter group = writer.AppendRowGroup();
        foreach (RowGroup.ColumnCells cells in rows.Columns)
        {
            using ColumnWriter column = group.NextColumn();
            Write(column, cells, rows.Rows);
        }

        group.Close();
        Rows += rows.Rows;
        rows.Clear();
        return true;
    });

    /// <summary>Ends the file. It can be read then.</summary>
    /// <exception cref="IOException">The disk is full.</exception>
    internal void Complete() => Attempt(() =>
    {
        writer.Close();
        return true;
    });

    /// <inheritdoc />
    public void Dispose()
    {
        try
        {
            writer.Dispose();
        }
        catch (Exception exception) when (stream.Failure is not null || exception is ParquetException)
        {
            // A file that was not completed is of no use, whatever becomes of its end.
        }

        output.Dispose();
        stream.Dispose();
    }

    private static void Write(ColumnWriter column, RowGroup.ColumnCells cells, int rows)
    {
        ReadOnlySpan<short> levels = cells.Levels.AsSpan(0, rows);
        switch (column)
        {
            case ColumnWriter<long> wholes:
                wholes.WriteBatch(rows, levels, [], cells.Wholes.AsSpan(0, cells.Count));
                break;
            case ColumnWriter<double> numbers:
                numbers.WriteBatch(rows, levels, [], cells.Numbers.AsSpan(0, cells.Count));
                break;
            default:
                Utf8Words.Write((ColumnWriter<ByteArray>)column, levels, cells.Texts.AsSpan(0, cells.Count));
                break;
        }
    }

    private static PrimitiveNode NodeOf(RecordColumn column) => new(
        column.Name,
        Repetition.Optional,
        column.IsRounded ? LogicalType.Decimal(TimeDigits, TimePlaces)
            : column.Kind == ColumnKind.Text ? LogicalType.String()
            : LogicalType.None(),
        column.Kind == ColumnKind.Text ? PhysicalType.ByteArray
            : column.IsRounded || column.Kind == ColumnKind.Whole ? PhysicalType.Int64
            : PhysicalType.Double);

    private static WriterProperties PropertiesOf(IReadOnlyList<RecordColumn> columns)
    {
        using WriterPropertiesBuilder builder = new();
        builder.Compression(Compression.Zstd).CompressionLevel(CompressionLevel).DataPagesize(PageBytes).CreatedBy("GreenServe")
            .DisableStatistics();
        foreach (RecordColumn column in columns.Where(column => column.Kind != ColumnKind.Text))
        {
            bool isPacked = column.IsRounded || column.Kind == ColumnKind.Whole;
            builder.DisableDictionary(column.Name).Encoding(column.Name, isPacked ? Encoding.DeltaBinaryPacked : Encoding.ByteStreamSplit);
        }

        return builder.Build();
    }

    /// <summary>Does a piece of writing. What the library makes of a failing disk becomes the failure of the disk again.</summary>
    private T Attempt<T>(Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception exception) when (stream.Failure is { } failure && exception is not OutOfMemoryException)
        {
            throw failure;
        }
    }
}
