using GreenServe.Records.Tables;

namespace GreenServe.Records.Runs;

/// <summary>Rows of one table on their way from those who add them to the one thread that writes.</summary>
internal abstract class RowQueue
{
    /// <summary>Rows that wait at most. Whoever adds one more writes them itself, so that a slow disk does not fill the memory.</summary>
    protected const int MaxWaitingRows = 1 << 16;

    /// <summary>Rows at which the writing thread is woken: enough to pay for it, and far fewer than may wait.</summary>
    protected const int WakingRows = 1 << 10;

    /// <summary>The table; <c>null</c> until its first row is written.</summary>
    internal TableWriter? Table { get; private protected set; }

    /// <summary>Writes the rows that wait. One thread may call it at a time.</summary>
    internal abstract void Drain();
}

/// <summary>Rows of one table on their way from those who add them to the one thread that writes.</summary>
/// <typeparam name="TRow">What a row is made of.</typeparam>
/// <param name="open">Creates the table. A table without rows gets no file.</param>
/// <param name="write">Writes a row.</param>
/// <param name="wake">Asks for a drain on another thread.</param>
/// <param name="drain">Drains all tables on this thread.</param>
internal sealed class RowQueue<TRow>(Func<TableWriter> open, Action<TableWriter, TRow> write, Action wake, Action drain) : RowQueue
{
    private readonly Lock gate = new();
    private List<TRow> waiting = [];
    private List<TRow> draining = [];

    /// <summary>Adds a row. Any thread may call it.</summary>
    internal void Add(TRow row)
    {
        int count;
        lock (gate)
        {
            waiting.Add(row);
            count = waiting.Count;
        }

        Continue(count);
    }

    /// <summary>Adds several rows. Any thread may call it.</summary>
    internal void Add(ReadOnlySpan<TRow> rows)
    {
        int count;
        lock (gate)
        {
            waiting.AddRange(rows);
            count = waiting.Count;
        }

        Continue(count);
    }

    /// <summary>Creates the table before it has rows.</summary>
    internal void Open() => Table ??= open();

    /// <inheritdoc />
    internal override void Drain()
    {
        lock (gate)
        {
            (waiting, draining) = (draining, waiting);
        }

        if (draining.Count == 0)
        {
            return;
        }

        Table ??= open();
        foreach (TRow row in draining)
        {
            write(Table, row);
        }

        draining.Clear();
    }

    private void Continue(int count)
    {
        if (count >= MaxWaitingRows)
        {
            drain();
        }
        else if (count >= WakingRows)
        {
            wake();
        }
    }
}
