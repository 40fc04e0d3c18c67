using Parquet;
using Parquet.Schema;

namespace GreenServe.Records.Tables;

/// <summary>
/// Converts CSV tables of a record to Parquet files with the same columns. They take about a tenth of the space and are read
/// faster.
/// </summary>
public static class ParquetTable
{
    private const int RowGroupRows = 250_000;

    /// <summary>Converts a CSV table to a Parquet file, replacing an earlier file in one step.</summary>
    /// <param name="csvPath">The CSV file to read.</param>
    /// <param name="parquetPath">The Parquet file to write.</param>
    /// <param name="isInterrupted">Whether the run was killed; a broken last row is then left out.</param>
    /// <exception cref="InvalidInputException">The CSV table is damaged.</exception>
    public static void Write(string csvPath, string parquetPath, bool isInterrupted = false)
    {
        using CsvTableReader csv = new(csvPath, toleratesBrokenLastRow: isInterrupted);
        DataField[] fields = [.. csv.Columns.Order(StringComparer.Ordinal).Select(Field)];
        OutputFile.Replace(parquetPath, stream => WriteAsync(csv, fields, stream).GetAwaiter().GetResult());
    }

    private static async Task WriteAsync(CsvTableReader csv, DataField[] fields, Stream stream)
    {
        ParquetOptions options = new() { CompressionMethod = CompressionMethod.Zstd };
        ParquetSchema schema = new(fields.Cast<Field>().ToArray());
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(schema, stream, options).ConfigureAwait(false);
        IColumn[] columns = [.. fields.Select(ColumnOf)];
        int count = 0;
        foreach (int _ in csv.Rows(row => Append(columns, row)))
        {
            if (++count % RowGroupRows == 0)
            {
                await FlushAsync(writer, columns).ConfigureAwait(false);
            }
        }

        if (count % RowGroupRows != 0 || count == 0)
        {
            await FlushAsync(writer, columns).ConfigureAwait(false);
        }
    }

    private static int Append(IColumn[] columns, TableReader row)
    {
        foreach (IColumn column in columns)
        {
            column.Append(row);
        }

        return columns.Length;
    }

    private static async Task FlushAsync(ParquetWriter writer, IColumn[] columns)
    {
        using ParquetRowGroupWriter group = writer.CreateRowGroup();
        foreach (IColumn column in columns)
        {
            await column.FlushAsync(group).ConfigureAwait(false);
        }

        group.CompleteValidate();
    }

    private static DataField Field(string name) => new(
        name,
        RecordColumn.Of(name).Kind switch { ColumnKind.Text => typeof(string), ColumnKind.Whole => typeof(long), _ => typeof(double) },
        isNullable: true);

    private static IColumn ColumnOf(DataField field) => RecordColumn.Of(field.Name).Kind switch
    {
        ColumnKind.Text => new TextColumn(field),
        ColumnKind.Whole => new ValueColumn<long>(field, row => row.Whole(field.Name)),
        _ => new ValueColumn<double>(field, row => row.Number(field.Name)),
    };

    private interface IColumn
    {
        void Append(TableReader row);

        Task FlushAsync(ParquetRowGroupWriter group);
    }

    private sealed class TextColumn(DataField field) : IColumn
    {
        private readonly List<string> texts = [];

        public void Append(TableReader row) => texts.Add(row.Text(field.Name)!);

        public async Task FlushAsync(ParquetRowGroupWriter group)
        {
            await group.WriteAsync(field, texts, null).ConfigureAwait(false);
            texts.Clear();
        }
    }

    private sealed class ValueColumn<T>(DataField field, Func<TableReader, T?> read) : IColumn
        where T : struct
    {
        private readonly List<T?> values = [];

        public void Append(TableReader row) => values.Add(read(row));

        public async Task FlushAsync(ParquetRowGroupWriter group)
        {
            T?[] rows = [.. values];
            await group.WriteAsync<T>(field, rows.AsMemory()).ConfigureAwait(false);
            values.Clear();
        }
    }
}
