namespace GreenServe.Records.Tables;

/// <summary>
/// Writes a table whose rows must survive a killed process: at once as CSV, and once it is large also as Parquet, which then replaces the
/// CSV file.
/// </summary>
/// <remarks>
/// A Parquet file can be read only when it is complete. Until then the CSV file beside it holds the same rows. When that reaches
/// <see cref="MaxJournalBytes"/>, the Parquet file is completed as one part of the table, and the next part begins. Where a Parquet file
/// cannot be written, the table stays CSV.
/// </remarks>
internal sealed class JournaledTableWriter : TableWriter
{
    /// <summary>Length of the CSV file of a part (bytes), which bounds the disk space of an hour of token times.</summary>
    internal const long MaxJournalBytes = 1L << 28;

    private readonly string path;
    private readonly IReadOnlyList<RecordColumn> columns;
    private readonly Func<string, FileMode, Stream> open;
    private readonly bool isAlwaysParquet;
    private readonly long maxJournalBytes;
    private readonly RowGroup rows;
    private CsvTableWriter journal;
    private ParquetFile? parquet;
    private int part = 1;
    private long finishedRows;
    private long finishedBytes;
    private bool isCsvOnly;

    /// <summary>Begins a table. Where its file cannot be created, it has a <see cref="Failure"/>.</summary>
    /// <param name="path">The CSV file of the table.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="open">Opens a file.</param>
    /// <param name="isAlwaysParquet">Whether a small table becomes Parquet too.</param>
    /// <param name="maxJournalBytes">Length of the CSV file at which a part ends (bytes).</param>
    internal JournaledTableWriter(
        string path,
        IReadOnlyList<RecordColumn> columns,
        Func<string, FileMode, Stream> open,
        bool isAlwaysParquet,
        long maxJournalBytes = MaxJournalBytes)
    {
        this.path = path;
        this.columns = columns;
        this.open = open;
        this.isAlwaysParquet = isAlwaysParquet;
        this.maxJournalBytes = maxJournalBytes;
        rows = new RowGroup(columns);
        journal = CsvTableWriter.CreateOrDrop(path, columns, open);
    }

    /// <inheritdoc />
    internal override UnavailableException? Failure => journal.Failure;

    private string JournalPath => TablePart.PathOf(path, part);

    /// <inheritdoc />
    internal override TableWriter Add(string? text)
    {
        journal.Add(text);
        rows.Add(text);
        return this;
    }

    /// <inheritdoc />
    internal override TableWriter Add(long? value)
    {
        journal.Add(value);
        rows.Add(value);
        return this;
    }

    /// <inheritdoc />
    internal override TableWriter Add(double? value)
    {
        journal.Add(value);
        rows.Add(value);
        return this;
    }

    /// <inheritdoc />
    internal override TableWriter AddSeconds(double? seconds)
    {
        journal.AddSeconds(seconds);
        rows.Add(seconds);
        return this;
    }

    /// <inheritdoc />
    internal override void EndRow()
    {
        journal.EndRow();
        rows.EndRow();
        if (rows.Rows < RunFiles.LargeTableRows)
        {
            return;
        }

        if (isCsvOnly || Failure is not null)
        {
            rows.Clear();
        }
        else if (TryParquet(WriteGroup) && journal.Bytes >= maxJournalBytes && TryParquet(EndPart))
        {
            string ended = JournalPath;
            journal.Dispose();
            part++;
            journal = CsvTableWriter.CreateOrDrop(JournalPath, columns, open);
            File.Delete(ended);
        }
    }

    /// <inheritdoc />
    internal override void Flush() => journal.Flush();

    /// <inheritdoc />
    internal override TableSize Complete()
    {
        TableSize csv = journal.Complete();
        bool isLarge = parquet is not null || part > 1 || isAlwaysParquet;
        if (!isLarge || isCsvOnly || Failure is not null)
        {
            Discard();
            return part == 1 ? csv : new TableSize(finishedRows + csv.Rows, finishedBytes + csv.Bytes, part - 1);
        }

        // The last part has no rows where the one before ended with the last row of the table.
        bool isEmpty = csv.Rows == 0 && part > 1;
        if (!isEmpty && !(TryParquet(WriteGroup) && TryParquet(EndPart)))
        {
            return new TableSize(finishedRows + csv.Rows, finishedBytes + csv.Bytes, part - 1);
        }

        File.Delete(JournalPath);
        return new TableSize(finishedRows, finishedBytes, isEmpty ? part - 1 : part);
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        journal.Dispose();
        Discard();
    }

    private void WriteGroup()
    {
        parquet ??= new ParquetFile(open(TablePart.DraftOf(JournalPath), FileMode.Create), columns);
        if (rows.Rows > 0 || parquet.Rows == 0)
        {
            parquet.Write(rows);
        }
    }

    private void EndPart()
    {
        parquet!.Complete();
        (finishedRows, finishedBytes) = (finishedRows + parquet.Rows, finishedBytes + parquet.Bytes);
        parquet.Dispose();
        parquet = null;
        File.Move(TablePart.DraftOf(JournalPath), TablePart.ParquetOf(JournalPath));
    }

    /// <summary>Does a piece of writing that the table can do without. Where it fails, the table stays CSV.</summary>
    /// <returns>Whether it succeeded.</returns>
    private bool TryParquet(Action write)
    {
        try
        {
            write();
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            isCsvOnly = true;
            rows.Clear();
            Discard();
            return false;
        }
    }

    private void Discard()
    {
        parquet?.Dispose();
        parquet = null;
        File.Delete(TablePart.DraftOf(JournalPath));
    }
}
