using GreenServe.Records.Tables;

namespace GreenServe.Records.Runs;

/// <summary>The tables of a record while they are written, and the queues of rows on their way to them. Thread-safe.</summary>
/// <param name="folder">Folder of the record.</param>
/// <param name="options">How tables are written.</param>
/// <param name="open">Opens a file.</param>
internal sealed class TableSet(string folder, RecordOptions options, Func<string, FileMode, Stream> open) : IDisposable
{
    private readonly Lock writing = new();
    private readonly SortedDictionary<string, RowQueue> queues = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource failed = new();
    private int isWoken;
    private bool isClosed;

    /// <summary>Is cancelled once a row could not be written.</summary>
    internal CancellationToken Failed => failed.Token;

    /// <summary>Why a table can no longer be written; <c>null</c> while all can.</summary>
    internal UnavailableException? Failure
    {
        get
        {
            lock (writing)
            {
                return queues.Values.Select(queue => queue.Table?.Failure).FirstOrDefault(failure => failure is not null);
            }
        }
    }

    /// <summary>Makes the queue of a table. A table without rows gets no file.</summary>
    /// <typeparam name="TRow">What a row is made of.</typeparam>
    /// <param name="table">The table.</param>
    /// <param name="write">Writes a row. One thread at a time calls it.</param>
    internal RowQueue<TRow> Queue<TRow>(RecordTable table, Action<TableWriter, TRow> write)
    {
        RowQueue<TRow> queue = new(() => NewTable(table), write, Wake, Drain);
        queues[table.File] = queue;
        return queue;
    }

    /// <summary>Writes all rows and hands those to the operating system that must outlive this process. It throws nothing.</summary>
    internal void Flush()
    {
        lock (writing)
        {
            if (isClosed)
            {
                return;
            }

            DrainAll();
            foreach (RowQueue queue in queues.Values)
            {
                queue.Table?.Flush();
            }

            TellFailure();
        }
    }

    /// <summary>Writes all rows and ends the tables.</summary>
    /// <returns>The size of each table, by the name of its CSV file.</returns>
    internal IReadOnlyDictionary<string, TableSize> Complete()
    {
        lock (writing)
        {
            DrainAll();
            SortedDictionary<string, TableSize> sizes = new(StringComparer.Ordinal);
            foreach ((string file, RowQueue queue) in queues.Where(pair => pair.Value.Table is not null))
            {
                sizes[file] = queue.Table!.Complete();
            }

            isClosed = true;
            TellFailure();
            return sizes;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (writing)
        {
            if (!isClosed)
            {
                DrainAll();
                isClosed = true;
            }

            foreach (RowQueue queue in queues.Values)
            {
                queue.Table?.Dispose();
            }
        }

        failed.Dispose();
    }

    private TableWriter NewTable(RecordTable table)
    {
        string path = Path.Combine(folder, table.File);
        bool isAlwaysParquet = options.Tables == TableFormat.Parquet;
        return options switch
        {
            { Tables: TableFormat.Csv } => CsvTableWriter.CreateOrDrop(path, table.Columns, open),
            { IsReproducible: true } => new BufferedTableWriter(path, table.Columns, open, isAlwaysParquet),
            _ => new JournaledTableWriter(path, table.Columns, open, isAlwaysParquet),
        };
    }

    /// <summary>Asks for a drain on a thread of the pool, unless one is on its way.</summary>
    private void Wake()
    {
        if (Interlocked.Exchange(ref isWoken, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(tables => tables.Drain(), this, preferLocal: false);
        }
    }

    private void Drain()
    {
        isWoken = 0;
        lock (writing)
        {
            if (!isClosed)
            {
                DrainAll();
                TellFailure();
            }
        }
    }

    private void DrainAll()
    {
        foreach (RowQueue queue in queues.Values)
        {
            queue.Drain();
        }
    }

    private void TellFailure()
    {
        if (Failure is not null)
        {
            // Who waits for this is told on another thread, outside the lock.
            _ = failed.CancelAsync();
        }
    }
}
