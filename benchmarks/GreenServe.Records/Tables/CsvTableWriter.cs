using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace GreenServe.Records.Tables;

/// <summary>
/// Writes a table of a record as CSV: first the header, then row by row. Numbers are invariant; an absent value is an empty cell.
/// </summary>
/// <remarks>
/// Rows wait in memory until <see cref="Flush"/> or until there are many, and reach the file in whole rows. After a write has failed,
/// for example on a full disk, the file ends with its last whole row, and later rows are dropped.
/// </remarks>
internal sealed class CsvTableWriter : IDisposable
{
    /// <summary>Bytes that wait in memory before they are written without a flush: many rows, and little memory.</summary>
    private const int MaxWaitingBytes = 1 << 16;

    private static readonly CsvConfiguration Configuration = new(CultureInfo.InvariantCulture)
    {
        NewLine = "\n",

        // CsvHelper does not quote a carriage return when rows end in a line feed. At the end of a row it would be read as part
        // of the row's end.
        ShouldQuote = field => ConfigurationFunctions.ShouldQuote(field) || field.Field?.Contains('\r', StringComparison.Ordinal) == true,
    };
    private readonly string path;
    private readonly MemoryStream waiting = new();
    private readonly CsvWriter csv;
    private readonly Stream file;
    private long writtenBytes;
    private long rows;

    /// <summary>Creates the file with its header.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">The header.</param>
    /// <param name="mode">Whether a file that exists is replaced or is an error.</param>
    /// <param name="open">Opens the file; <c>null</c> for a file on the disk.</param>
    /// <exception cref="IOException">The disk is full, or the file exists. A file that was created is gone again.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not write there.</exception>
    internal CsvTableWriter(
        string path, string[] columns, FileMode mode = FileMode.CreateNew, Func<string, FileMode, Stream>? open = null)
    {
        this.path = path;
        csv = WriterInto(waiting);
        foreach (string column in columns)
        {
            csv.WriteField(column);
        }

        csv.NextRecord();

        file = (open ?? Open)(path, mode);

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

    private CsvTableWriter(UnavailableException failure)
    {
        path = "";
        csv = WriterInto(waiting);
        file = Stream.Null;
        Failure = failure;
    }

    /// <summary>Creates the file with its header. Where that fails, the table has a <see cref="Failure"/> and drops all rows.</summary>
    internal static CsvTableWriter CreateOrDrop(string path, string[] columns, Func<string, FileMode, Stream> open)
    {
        try
        {
            return new CsvTableWriter(path, columns, FileMode.CreateNew, open);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new CsvTableWriter(new UnavailableException($"{path}: cannot be written ({WriteFailure.TextOf(exception)})"));
        }
    }

    /// <summary>Opens a file on the disk, without a buffer: what a buffer held would be tried again when the file is closed.</summary>
    internal static FileStream Open(string path, FileMode mode) => new(path, mode, FileAccess.Write, FileShare.Read, bufferSize: 0);

    /// <summary>Why the table can no longer be written; <c>null</c> while it can.</summary>
    internal UnavailableException? Failure { get; private set; }

    internal CsvTableWriter Add(string? text)
    {
        csv.WriteField(text);
        return this;
    }

    internal CsvTableWriter Add(long? value) => Add(value?.ToString(CultureInfo.InvariantCulture));

    internal CsvTableWriter Add(double? value) => Add(value?.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>Adds a time (s), rounded to the nanosecond, which is finer than any clock of a record.</summary>
    internal CsvTableWriter AddSeconds(double? seconds) => Add(seconds is { } value ? Math.Round(value, 9) : null);

    internal void EndRow()
    {
        csv.NextRecord();
        rows++;
        if (waiting.Length >= MaxWaitingBytes)
        {
            Flush();
        }
    }

    /// <summary>
    /// Hands all whole rows to the operating system, where they outlive this process. It throws nothing where the disk fails:
    /// <see cref="Failure"/> says so.
    /// </summary>
    internal void Flush()
    {
        if (Failure is not null)
        {
            csv.Flush();
            waiting.SetLength(0);
            return;
        }

        try
        {
            WriteWaiting();
        }
        catch (IOException exception)
        {
            Failure = new UnavailableException($"{path}: cannot be written ({WriteFailure.TextOf(exception)})");
            CutToWholeRows();
        }
    }

    /// <summary>Writes what is still in memory, and tells how large the table is.</summary>
    internal TableSize Measure()
    {
        Flush();
        return new TableSize(rows, writtenBytes);
    }

    public void Dispose()
    {
        Flush();
        csv.Dispose();
        file.Dispose();
    }

    private static CsvWriter WriterInto(Stream stream) =>
        new(new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)), Configuration);

    private void WriteWaiting()
    {
        csv.Flush();
        file.Write(waiting.GetBuffer().AsSpan(0, (int)waiting.Length));
        writtenBytes += waiting.Length;
        waiting.SetLength(0);
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
