using GreenServe.Records.Documents;
using GreenServe.Records.Files;

namespace GreenServe.Records.Tables;

/// <summary>Reads one table of a record row by row, by column name. It hides whether the file is CSV or Parquet.</summary>
internal abstract class TableReader : IRecordRow, IDisposable
{
    /// <summary>Rows for which memory may be taken before they are read. What a file says of itself may be wrong.</summary>
    protected const int MaxEstimatedRows = 4_000_000;

    /// <summary>Path of the file, for messages.</summary>
    protected abstract string File { get; }

    /// <summary>Number of the present line or row, from 1, for messages.</summary>
    protected abstract int Place { get; }

    /// <summary>Estimated number of rows. It is never far too high.</summary>
    internal abstract int EstimatedRows { get; }

    /// <summary>Names of the columns in the file.</summary>
    internal abstract IReadOnlyCollection<string> Columns { get; }

    /// <summary>Opens a table: the CSV file of that name, or else the Parquet file beside it.</summary>
    /// <returns>The reader; <c>null</c> where there is neither file.</returns>
    /// <exception cref="InvalidInputException">The file is damaged or lacks a required column.</exception>
    internal static TableReader? Open(string path, string[] requiredColumns, bool toleratesBrokenLastRow)
    {
        string parquet = Path.ChangeExtension(path, ".parquet");
        TableReader reader;
        if (IsThere(path))
        {
            reader = new CsvTableReader(path, toleratesBrokenLastRow);
        }
        else if (IsThere(parquet))
        {
            reader = ParquetTableReader.Open(parquet);
        }
        else
        {
            return null;
        }

        if (toleratesBrokenLastRow && reader.Columns.Count == 0)
        {
            // The run was killed before its header reached the disk.
            reader.Dispose();
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

    /// <summary>Whether a record has a table: the CSV file of that name, or the Parquet file beside it.</summary>
    internal static bool Exists(string path) => IsThere(path) || IsThere(Path.ChangeExtension(path, ".parquet"));

    // A link to nothing is no absent table: its rows are lost.
    private static bool IsThere(string path) =>
        FileStatus.Of(path).Kind != FileKind.Missing || new FileInfo(path).LinkTarget is not null;

    /// <summary>Converts each row that can be read, in the order of the file.</summary>
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
