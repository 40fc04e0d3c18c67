namespace GreenServe.Records.Tables;

/// <summary>
/// Writes a table that can be made again, such as that of a simulation. A small one stays in memory until it is complete. A large one goes
/// to a Parquet file in row groups.
/// </summary>
/// <remarks>A process that is killed leaves nothing of such a table.</remarks>
/// <param name="path">The CSV file of the table. A Parquet file takes its place.</param>
/// <param name="columns">The columns.</param>
/// <param name="open">Opens a file.</param>
/// <param name="isAlwaysParquet">Whether a small table is Parquet too.</param>
internal sealed class BufferedTableWriter(
    string path, IReadOnlyList<RecordColumn> columns, Func<string, FileMode, Stream> open, bool isAlwaysParquet) : TableWriter
{
    private readonly RowGroup rows = new(columns);
    private ParquetFile? parquet;
    private UnavailableException? failure;

    /// <inheritdoc />
    internal override UnavailableException? Failure => failure;

    private string ParquetPath => TablePart.ParquetOf(path);

    /// <inheritdoc />
    internal override TableWriter Add(string? text)
    {
        rows.Add(text);
        return this;
    }

    /// <inheritdoc />
    internal override TableWriter Add(long? value)
    {
        rows.Add(value);
        return this;
    }

    /// <inheritdoc />
    internal override TableWriter Add(double? value)
    {
        rows.Add(value);
        return this;
    }

    /// <inheritdoc />
    internal override TableWriter AddSeconds(double? seconds) => Add(seconds);

    /// <inheritdoc />
    internal override void EndRow()
    {
        rows.EndRow();
        if (rows.Rows == RunFiles.LargeTableRows)
        {
            Attempt(ParquetPath, WriteGroup);
        }
    }

    /// <inheritdoc />
    internal override void Flush()
    {
        // Rows that can be made again need not outlive this process.
    }

    /// <inheritdoc />
    internal override TableSize Complete()
    {
        if (parquet is null && !isAlwaysParquet)
        {
            TableSize size = new(0, 0);
            Attempt(path, () => size = WriteCsv());
            return size;
        }

        Attempt(ParquetPath, () =>
        {
            if (rows.Rows > 0 || parquet is null)
            {
                WriteGroup();
            }

            parquet!.Complete();
        });
        TableSize written = new(parquet?.Rows ?? 0, parquet?.Bytes ?? 0, 1);
        Close();
        if (failure is null)
        {
            File.Move(TablePart.DraftOf(path), ParquetPath);
        }

        return written;
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        Close();
        File.Delete(TablePart.DraftOf(path));
    }

    private TableSize WriteCsv()
    {
        using CsvTableWriter csv = new(path, columns, FileMode.CreateNew, open);
        rows.CopyTo(csv);
        TableSize size = csv.Complete();
        failure = csv.Failure;
        return size;
    }

    private void WriteGroup()
    {
        parquet ??= new ParquetFile(open(TablePart.DraftOf(path), FileMode.Create), columns);
        parquet.Write(rows);
    }

    private void Close()
    {
        parquet?.Dispose();
        parquet = null;
    }

    private void Attempt(string file, Action write)
    {
        if (failure is not null)
        {
            rows.Clear();
            return;
        }

        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            failure = WriteFailure.OfTable(file, exception);
            rows.Clear();
        }
    }
}
