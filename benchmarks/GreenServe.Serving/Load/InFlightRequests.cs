namespace GreenServe.Serving.Load;

/// <summary>The requests that have been sent and have not ended: their number, their time limits, their end.</summary>
internal sealed class InFlightRequests : IDisposable
{
    private static readonly TimeSpan LastWait = TimeSpan.FromSeconds(5);
    private readonly TimeProvider provider;
    private readonly LoadOptions options;
    private readonly Lock gate = new();
    private readonly HashSet<Entry> entries = [];
    private readonly ITimer watch;
    private TaskCompletionSource? emptied;

    internal InFlightRequests(TimeProvider provider, LoadOptions options)
    {
        this.provider = provider;
        this.options = options;
        double shortest = Math.Min(options.FirstTokenSeconds, Math.Min(options.StallSeconds, options.RequestSeconds));
        TimeSpan interval = TimeSpan.FromSeconds(Math.Clamp(shortest / 10, 0.005, 0.25));
        watch = provider.CreateTimer(_ => CancelOverdue(), null, interval, interval);
    }

    /// <summary>Adds a request; the token gives it up.</summary>
    internal Entry Add(RequestTrace trace)
    {
        Entry entry = new(trace);
        lock (gate)
        {
            entries.Add(entry);
        }

        return entry;
    }

    /// <summary>Takes out a request that has ended.</summary>
    internal void Remove(Entry entry)
    {
        lock (gate)
        {
            entries.Remove(entry);
            if (entries.Count == 0)
            {
                emptied?.TrySetResult();
            }
        }

        entry.Dispose();
    }

    /// <summary>Waits for what is in flight as the options say, then cancels the rest and waits for its end.</summary>
    internal async Task EndAsync(LoadOptions options, CancellationToken cancellationToken)
    {
        if (options.End == LoadEnd.Drain && !cancellationToken.IsCancellationRequested)
        {
            Task drained = WhenEmpty();
            Task limit = Task.Delay(TimeSpan.FromSeconds(options.DrainSeconds), provider, cancellationToken);
            await Task.WhenAny(drained, limit).ConfigureAwait(false);
        }

        CancelReason reason = cancellationToken.IsCancellationRequested ? CancelReason.Interrupted : CancelReason.RunEnded;
        foreach (Entry entry in Snapshot())
        {
            entry.Cancel(reason);
        }

        // A backend that does not give up in time is a bug of ours; it must not hang the run.
        await Task.WhenAny(WhenEmpty(), Task.Delay(LastWait, CancellationToken.None)).ConfigureAwait(false);
    }

    public void Dispose() => watch.Dispose();

    private Task WhenEmpty()
    {
        lock (gate)
        {
            if (entries.Count == 0)
            {
                return Task.CompletedTask;
            }

            emptied ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return emptied.Task;
        }
    }

    private Entry[] Snapshot()
    {
        lock (gate)
        {
            return [.. entries];
        }
    }

    private void CancelOverdue()
    {
        long now = provider.GetTimestamp();
        foreach (Entry entry in Snapshot())
        {
            if (OverdueReason(entry.Trace, now) is var reason and not CancelReason.None)
            {
                entry.Cancel(reason);
            }
        }
    }

    private CancelReason OverdueReason(RequestTrace trace, long now)
    {
        if (trace.IssuedTimestamp is not { } issued)
        {
            return CancelReason.None;
        }

        double total = provider.GetElapsedTime(issued, now).TotalSeconds;
        double quiet = provider.GetElapsedTime(trace.LastActivityTimestamp, now).TotalSeconds;
        bool hasBegun = trace.ChunkCount > 0;
        return total > options.RequestSeconds ? CancelReason.TooLong
            : !hasBegun && total > options.FirstTokenSeconds ? CancelReason.NoFirstToken
            : hasBegun && quiet > options.StallSeconds ? CancelReason.Stalled
            : CancelReason.None;
    }

    /// <summary>One request in flight.</summary>
    /// <param name="trace">Its trace.</param>
    internal sealed class Entry(RequestTrace trace) : IDisposable
    {
        private readonly CancellationTokenSource giveUp = new();
        private readonly Lock gate = new();
        private bool hasEnded;

        internal RequestTrace Trace { get; } = trace;

        internal CancellationToken Token => giveUp.Token;

        internal void Cancel(CancelReason reason)
        {
            lock (gate)
            {
                if (hasEnded)
                {
                    return;
                }
            }

            Trace.NoteCancel(reason);
            try
            {
                giveUp.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It ended in between.
            }
        }

        public void Dispose()
        {
            lock (gate)
            {
                hasEnded = true;
            }

            giveUp.Dispose();
        }
    }
}
