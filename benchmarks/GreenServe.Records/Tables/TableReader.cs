using GreenServe.Records.Documents;
using GreenServe.Records.Files;

namespace GreenServe.Records.Tables;

/// <summary>Reads one table of a record row by row, by column name. It hides whether the file is CSV or Parquet.</summary>
internal abstract class TableReader : IRecordRow, IDisposable
{
    /// <summary>Path of the file, for messages.</summary>
    protected abstract string File { get; }

    /// <summary>Number of the present line or row, from 1, for messages.</summary>
    protected abstract int Place { get; }

    /// <summary>Path of the file that is being read.</summary>
    internal string Source => File;

    /// <summary>Number of the present line or row of that file, from 1.</summary>
    internal int RowNumber => Place;

    /// <summary>Names of the columns in the file.</summary>
    internal abstract IReadOnlyCollection<string> Columns { get; }

    /// <summary>
    /// Opens a table: its parts one after the other, each from the CSV file of its name or else from the Parquet file beside it.
    /// </summary>
    /// <returns>The reader; <c>null</c> where there is no file.</returns>
    /// <exception cref="InvalidInputException">The file is damaged or lacks a required column.</exception>
    internal static TableReader? Open(string path, string[] requiredColumns, bool toleratesBrokenLastRow)
    {
        if (OpenPart(path, toleratesBrokenLastRow) is not { } reader)
        {
            return null;
        }

        if (Exists(TablePart.PathOf(path, 2)))
        {
            reader = new PartedTableReader(reader, path, toleratesBrokenLastRow);
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

    /// <summary>Opens one part of a table, without looking at its columns.</summary>
    /// <returns>The reader; <c>null</c> where there is no such part.</returns>
    internal static TableReader? OpenPart(string path, bool toleratesBrokenLastRow) =>
        IsThere(path) ? new CsvTableReader(path, toleratesBrokenLastRow)
        : TablePart.ParquetOf(path) is var parquet && IsThere(parquet) ? ParquetTableReader.Open(parquet)
        : null;

    /// <summary>Whether a record has a table or a part of one: the CSV file of that name, or the Parquet file beside it.</summary>
    internal static bool Exists(string path) => IsThere(path) || IsThere(TablePart.ParquetOf(path));

    // A link to nothing is no absent table: its rows are lost.
    private static bool IsThere(string path) =>
        FileStatus.Of(path).Kind != FileKind.Missing || new FileInfo(path).LinkTarget is not null;

    /// <summary>Converts each row that can be read, in the order of the file.</summary>
    internal abstract IEnumerable<T> Rows<T>(Func<TableReader, T> read);

    /// <summary>Number of rows, as exactly as a pass over them would count.</summary>
    internal virtual long CountRows() => Rows(_ => true).LongCount();

    /// <summary>
    /// Number of a column in the file, by which its cells are read faster than by name; -1 for a column that is not there.
    /// </summary>
    internal abstract int IndexOf(string column);

    /// <summary>The text in a cell of the present row; <c>null</c> if the cell or its column is absent.</summary>
    internal abstract string? Text(int index);

    /// <summary>The whole number in a cell of the present row; <c>null</c> if the cell or its column is absent.</summary>
    internal abstract long? Whole(int index);

    /// <summary>The finite number in a cell of the present row; <c>null</c> if the cell or its column is absent.</summary>
    internal abstract double? Number(int index);

    /// <inheritdoc />
    public string? Text(string column) => Text(IndexOf(column));

    /// <inheritdoc />
    public long? Whole(string column) => Whole(IndexOf(column));

    /// <inheritdoc />
    public double? Number(string column) => Number(IndexOf(column));

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
