using System.Collections.Frozen;
using System.Globalization;
using GreenServe.Records.Documents;
using ParquetSharp;

namespace GreenServe.Records.Tables;

/// <summary>Reads a table of a record from a Parquet file with the columns of its CSV file.</summary>
internal sealed class ParquetTableReader : TableReader
{
    /// <summary>Rows of one row group, which is read into memory at once. It is what common writers make at most.</summary>
    private const int MaxGroupRows = 1 << 20;

    private readonly FileStream stream;
    private readonly ParquetFileReader parquet;
    private readonly FrozenDictionary<string, int> indices;
    private readonly ParquetCells[] cells;
    private int row;
    private int rowsBefore;

    private ParquetTableReader(string path, FileStream stream, ParquetFileReader parquet)
    {
        File = path;
        this.stream = stream;
        this.parquet = parquet;
        SchemaDescriptor schema = parquet.FileMetaData.Schema;
        cells = [.. Enumerable.Range(0, schema.NumColumns).Select(index => new ParquetCells(schema.Column(index)))];
        indices = cells.Index().ToFrozenDictionary(pair => pair.Item.Column.Name, pair => pair.Index);
    }

    internal override IReadOnlyCollection<string> Columns => indices.Keys;

    protected override string File { get; }

    protected override int Place => rowsBefore + row + 1;

    internal static ParquetTableReader Open(string path)
    {
        FileStream stream = InputFile.OpenRegular(path);
        try
        {
            return new ParquetTableReader(path, stream, new ParquetFileReader(stream, leaveOpen: true));
        }
        catch (Exception exception) when (IsOfTheFile(exception))
        {
            stream.Dispose();
            throw new InvalidInputException(new Problem("table", "a damaged file", "a Parquet file", path));
        }
    }

    internal override IEnumerable<T> Rows<T>(Func<TableReader, T> read)
    {
        for (int index = 0; index < parquet.FileMetaData.NumRowGroups; index++)
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

    internal override int IndexOf(string column) => indices.GetValueOrDefault(column, -1);

    internal override string? Text(int index)
    {
        if (index < 0)
        {
            return null;
        }

        ParquetCells found = cells[index];
        return found.HoldsTexts ? found.Texts[row] : throw Bad(found.Column.Name, found.TypeName, "text");
    }

    internal override long? Whole(int index)
    {
        if (index < 0)
        {
            return null;
        }

        ParquetCells found = cells[index];
        if (!found.HoldsWholes)
        {
            throw Bad(found.Column.Name, found.TypeName, "whole numbers (INT64)");
        }

        return double.IsNaN(found.Numbers[row]) ? null
            : found.Column.Accepts(found.Numbers[row]) ? found.Wholes[row]
            : throw OutOfRange(found.Column, found.Numbers[row]);
    }

    internal override double? Number(int index)
    {
        if (index < 0)
        {
            return null;
        }

        ParquetCells found = cells[index];
        if (!found.HoldsNumbers)
        {
            throw Bad(found.Column.Name, found.TypeName, "numbers (DOUBLE)");
        }

        double value = found.Numbers[row];
        return double.IsNaN(value) ? null : found.Column.Accepts(value) ? value : throw OutOfRange(found.Column, value);
    }

    internal override long CountRows() => parquet.FileMetaData.NumRows;

    protected override void Dispose(bool disposing)
    {
        parquet.Dispose();
        stream.Dispose();
    }

    // The library decodes what the file says of itself. A damaged file makes it fail in any way, so that no list of types would do.
    private static bool IsOfTheFile(Exception exception) => exception is not InvalidInputException;

    private InvalidInputException OutOfRange(RecordColumn column, double value) =>
        Bad(column.Name, value.ToString("R", CultureInfo.InvariantCulture), column.Allowed);

    /// <summary>
    /// Reads all columns of one row group into memory. A group is small enough for that; the whole table may not be.
    /// </summary>
    private int Load(int index)
    {
        try
        {
            using RowGroupReader rows = parquet.RowGroup(index);
            int count = rows.MetaData.NumRows is >= 0 and <= MaxGroupRows and var found
                ? (int)found
                : throw Bad("row group", $"{rows.MetaData.NumRows} rows", $"row groups of at most {MaxGroupRows} rows");
            for (int column = 0; column < cells.Length; column++)
            {
                using ColumnReader reader = rows.Column(column);
                cells[column].Load(reader, count);
            }

            return count;
        }
        catch (Exception exception) when (IsOfTheFile(exception))
        {
            throw Bad("row group", "damaged data", "a Parquet file that can be decoded");
        }
    }
}
