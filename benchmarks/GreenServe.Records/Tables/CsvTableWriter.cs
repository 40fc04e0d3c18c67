using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace GreenServe.Records.Tables;

/// <summary>
/// Writes a table of a record as CSV: first the header, then row by row. Numbers are invariant; an absent value is an empty cell.
/// </summary>
/// <remarks>
/// Cells are formatted into one buffer, without memory for each. Rows wait there until <see cref="Flush"/> or until there are many, and
/// reach the file in whole rows. After a write has failed, for example on a full disk, the file ends with its last whole row, and later
/// rows are dropped.
/// </remarks>
internal sealed class CsvTableWriter : TableWriter
{
    /// <summary>Bytes that wait in memory before they are written without a flush: many rows, and little memory.</summary>
    private const int MaxWaitingBytes = 1 << 16;

    /// <summary>Longest text of a number: 17 digits, sign, point and exponent need 24.</summary>
    private const int MaxNumberBytes = 32;

    // What a reader could take for the end of a cell or row, and the space that some readers cut off.
    private static readonly SearchValues<char> Quoted = SearchValues.Create(",\"\r\n");
    private readonly string path;
    private readonly Stream file;
    private byte[] waiting = ArrayPool<byte>.Shared.Rent(2 * MaxWaitingBytes);
    private int length;
    private bool isInRow;
    private long writtenBytes;
    private long rows;
    private UnavailableException? failure;

    /// <summary>Creates the file with its header.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="mode">Whether a file that exists is replaced or is an error.</param>
    /// <param name="open">Opens the file; <c>null</c> for a file on the disk.</param>
    /// <exception cref="IOException">The disk is full, or the file exists. A file that was created is gone again.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not write there.</exception>
    internal CsvTableWriter(
        string path,
        IReadOnlyList<RecordColumn> columns,
        FileMode mode = FileMode.CreateNew,
        Func<string, FileMode, Stream>? open = null)
    {
        this.path = path;
        file = (open ?? Open)(path, mode);
        foreach (RecordColumn column in columns)
        {
            Add(column.Name);
        }

        EndRow();
        rows = 0;

        // The header is written at once, so that the record of a run that is killed at its start is readable too.
        try
        {
            WriteWaiting();
        }
        catch
        {
            file.Dispose();
            if (mode == FileMode.CreateNew)
            {
                File.Delete(path);
            }

            throw;
        }
    }

    private CsvTableWriter(string path, UnavailableException failure)
    {
        this.path = path;
        file = Stream.Null;
        this.failure = failure;
    }

    /// <inheritdoc />
    internal override UnavailableException? Failure => failure;

    /// <summary>Length of the file with what still waits (bytes).</summary>
    internal long Bytes => writtenBytes + length;

    /// <summary>Creates the file with its header. Where that fails, the table has a <see cref="Failure"/> and drops all rows.</summary>
    internal static CsvTableWriter CreateOrDrop(
        string path, IReadOnlyList<RecordColumn> columns, Func<string, FileMode, Stream> open)
    {
        try
        {
            return new CsvTableWriter(path, columns, FileMode.CreateNew, open);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new CsvTableWriter(path, WriteFailure.OfTable(path, exception));
        }
    }

    /// <summary>Opens a file on the disk, without a buffer: what a buffer held would be tried again when the file is closed.</summary>
    internal static FileStream Open(string path, FileMode mode) => new(path, mode, FileAccess.Write, FileShare.Read, bufferSize: 0);

    /// <inheritdoc />
    internal override TableWriter Add(string? text)
    {
        BeginCell();
        if (string.IsNullOrEmpty(text))
        {
            return this;
        }

        if (NeedsQuotes(text))
        {
            text = $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        }

        length += Encoding.UTF8.GetBytes(text, Room(Encoding.UTF8.GetMaxByteCount(text.Length)));
        return this;
    }

    /// <inheritdoc />
    internal override TableWriter Add(long? value)
    {
        BeginCell();
        if (value is { } number)
        {
            Utf8Formatter.TryFormat(number, Room(MaxNumberBytes), out int written);
            length += written;
        }

        return this;
    }

    /// <inheritdoc />
    internal override TableWriter Add(double? value)
    {
        BeginCell();
        if (value is { } number)
        {
            number.TryFormat(Room(MaxNumberBytes), out int written, "R", CultureInfo.InvariantCulture);
            length += written;
        }

        return this;
    }

    /// <inheritdoc />
    internal override TableWriter AddSeconds(double? seconds) => Add(seconds is { } value ? Math.Round(value, 9) : null);

    /// <inheritdoc />
    internal override void EndRow()
    {
        Room(1)[0] = (byte)'\n';
        length++;
        isInRow = false;
        rows++;
        if (length >= MaxWaitingBytes)
        {
            Flush();
        }
    }

    /// <inheritdoc />
    internal override void Flush()
    {
        if (failure is not null)
        {
            length = 0;
            return;
        }

        try
        {
            WriteWaiting();
        }
        catch (IOException exception)
        {
            failure = WriteFailure.OfTable(path, exception);
            length = 0;
            CutToWholeRows();
        }
    }

    /// <inheritdoc />
    internal override TableSize Complete()
    {
        Flush();
        file.Dispose();
        return new TableSize(rows, writtenBytes);
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        if (waiting.Length == 0)
        {
            return;
        }

        Flush();
        file.Dispose();
        ArrayPool<byte>.Shared.Return(waiting);
        waiting = [];
    }

    // A space at an edge is quoted too: some spreadsheets cut it off.
    private static bool NeedsQuotes(string text) => text[0] == ' ' || text[^1] == ' ' || text.AsSpan().ContainsAny(Quoted);

    private void BeginCell()
    {
        if (isInRow)
        {
            Room(1)[0] = (byte)',';
            length++;
        }

        isInRow = true;
    }

    /// <summary>Free bytes of the buffer, at least as many as asked for.</summary>
    private Span<byte> Room(int bytes)
    {
        if (waiting.Length - length < bytes)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(2 * waiting.Length, length + bytes));
            waiting.AsSpan(0, length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(waiting);
            waiting = larger;
        }

        return waiting.AsSpan(length);
    }

    private void WriteWaiting()
    {
        if (length == 0)
        {
            return;
        }

        file.Write(waiting.AsSpan(0, length));
        writtenBytes += length;
        length = 0;
    }

    private void CutToWholeRows()
    {
        try
        {
            file.SetLength(writtenBytes);
        }
        catch (Exception exception) when (exception is IOException or NotSupportedException)
        {
            // A row that is cut off is left out when the record of an interrupted run is read.
        }
    }
}
