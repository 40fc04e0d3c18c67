using GreenServe.Records.Documents;

namespace GreenServe.Records.Tables;

/// <summary>Reads one table of a record, row by row, by column name; the same whether it is CSV or Parquet.</summary>
internal abstract class TableReader : IRecordRow, IDisposable
{
    /// <summary>The file, for messages.</summary>
    protected abstract string File { get; }

    /// <summary>Line or row the reader stands at, counted from 1, for messages.</summary>
    protected abstract int Place { get; }

    /// <summary>About how many rows there are; never far too many.</summary>
    internal abstract int EstimatedRows { get; }

    /// <summary>The columns there are.</summary>
    internal abstract IReadOnlyCollection<string> Columns { get; }

    /// <summary>Opens a table: the CSV file of that name, or else the Parquet file beside it.</summary>
    /// <returns><c>null</c> when there is neither.</returns>
    /// <exception cref="InvalidInputException">The file is damaged or lacks a required column.</exception>
    internal static TableReader? Open(string path, string[] requiredColumns, bool toleratesBrokenLastRow)
    {
        string parquet = Path.ChangeExtension(path, ".parquet");
        TableReader reader;
        if (System.IO.File.Exists(path))
        {
            reader = new CsvTableReader(path, toleratesBrokenLastRow);
        }
        else if (System.IO.File.Exists(parquet))
        {
            reader = ParquetTableReader.Open(parquet);
        }
        else
        {
            return null;
        }

        Problem[] missing = [.. requiredColumns.Where(column => !reader.Columns.Contains(column))
            .Select(column => new Problem(column, "no such column", $"the columns {string.Join(", ", requiredColumns)}", reader.File, 1))];
        if (missing.Length > 0)
        {
            reader.Dispose();
            throw new InvalidInputException(missing);
        }

        return reader;
    }

    /// <summary>Every row that can be read.</summary>
    internal abstract IEnumerable<T> Rows<T>(Func<TableReader, T> read);

    /// <inheritdoc />
    public abstract string? Text(string column);

    /// <inheritdoc />
    public abstract long? Whole(string column);

    /// <inheritdoc />
    public abstract double? Number(string column);

    internal string RequiredText(string column) => Text(column) ?? throw Bad(column, null, "text");

    internal long RequiredWhole(string column) => Whole(column) ?? throw Bad(column, null, "a whole number");

    internal double RequiredNumber(string column) => Number(column) ?? throw Bad(column, null, "a finite number");

    internal T RequiredEnum<T>(string column)
        where T : struct, Enum
    {
        string text = RequiredText(column);
        return EnumText.TryParse(text, out T value)
            ? value
            : throw Bad(column, text, $"one of {string.Join(", ", Enum.GetValues<T>().Select(EnumText.Of))}");
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);

    internal InvalidInputException Bad(string column, string? found, string allowed) =>
        new(new Problem(column, found, allowed, File, Place));
}
