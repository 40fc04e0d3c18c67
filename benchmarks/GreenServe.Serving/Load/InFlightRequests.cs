namespace GreenServe.Serving.Load;

/// <summary>
/// The requests that have been sent and have not ended. Gives up those that exceed a time limit, and ends the rest with the run.
/// </summary>
internal sealed class InFlightRequests : IDisposable
{
    /// <summary>The time limits are checked ten times within the shortest of them: it is then exceeded by about a tenth at most.</summary>
    private const double ChecksPerLimit = 10;

    /// <summary>Shortest time between two checks (s): more often would take processor time from the threads that send and read.</summary>
    private const double MinCheckSeconds = 0.005;

    /// <summary>Longest time between two checks (s): limits are stated in seconds, and a quarter of one is near enough.</summary>
    private const double MaxCheckSeconds = 0.25;

    /// <summary>How long a cancelled request may take to end. A backend that takes longer is faulty, and must not hang the run.</summary>
    private static readonly TimeSpan CancelLimit = TimeSpan.FromSeconds(5);
    private readonly TimeProvider provider;
    private readonly LoadOptions options;
    private readonly Lock gate = new();
    private readonly HashSet<Entry> entries = [];
    private readonly ITimer watch;
    private TaskCompletionSource? emptied;
    private Entry[] lastChecked = [];
    private int added;
    private int removed;

    internal InFlightRequests(TimeProvider provider, LoadOptions options)
    {
        this.provider = provider;
        this.options = options;
        double shortest = Math.Min(options.FirstTokenSeconds, Math.Min(options.StallSeconds, options.RequestSeconds));
        TimeSpan interval = TimeSpan.FromSeconds(Math.Clamp(shortest / ChecksPerLimit, MinCheckSeconds, MaxCheckSeconds));
        watch = provider.CreateTimer(_ => CancelOverdue(), null, interval, interval);
    }

    /// <summary>Number of requests that have been sent so far.</summary>
    internal int Sent => Volatile.Read(ref added);

    /// <summary>Number of requests in flight.</summary>
    internal int Count => Sent - Volatile.Read(ref removed);

    /// <summary>
    /// The requests that were in flight at the last check of the time limits, up to a quarter of a second ago. To ask for them takes no
    /// lock, so that nobody who only looks on can hold up the threads that send and read.
    /// </summary>
    internal IReadOnlyList<Entry> LastChecked => Volatile.Read(ref lastChecked);

    /// <summary>Adds a request that is about to be sent. The entry's token is cancelled when the request is given up.</summary>
    internal Entry Add(RequestTrace trace)
    {
        Entry entry = new(trace);
        lock (gate)
        {
            entries.Add(entry);
            Volatile.Write(ref added, added + 1);
        }

        return entry;
    }

    /// <summary>Removes a request that has ended.</summary>
    internal void Remove(Entry entry)
    {
        lock (gate)
        {
            entries.Remove(entry);
            Volatile.Write(ref removed, removed + 1);
            if (entries.Count == 0)
            {
                emptied?.TrySetResult();
            }
        }

        entry.Dispose();
    }

    /// <summary>Waits for the requests in flight as the options say, then cancels the rest and waits for their end.</summary>
    internal async Task EndAsync(CancellationToken cancellationToken)
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

        await Task.WhenAny(WhenEmpty(), Task.Delay(CancelLimit, provider, CancellationToken.None)).ConfigureAwait(false);
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

    /// <summary>Gives up the requests that exceed a time limit. The timer calls it.</summary>
    internal void CancelOverdue()
    {
        long now = provider.GetTimestamp();
        Entry[] current = Snapshot();
        Volatile.Write(ref lastChecked, current);
        foreach (Entry entry in current)
        {
            if (OverdueReason(entry.Trace, now) is { } reason)
            {
                entry.Cancel(reason);
            }
        }
    }

    /// <summary>The time limit that a request has exceeded; <c>null</c> where it is within all of them.</summary>
    private CancelReason? OverdueReason(RequestTrace trace, long now)
    {
        if (trace.IssuedTimestamp is not { } issued)
        {
            return null;
        }

        double total = provider.GetElapsedTime(issued, now).TotalSeconds;
        double quiet = provider.GetElapsedTime(trace.LastActivityTimestamp, now).TotalSeconds;
        bool hasBegun = trace.ChunkCount > 0;
        return total > options.RequestSeconds ? CancelReason.TooLong
            : !hasBegun && total > options.FirstTokenSeconds ? CancelReason.NoFirstToken
            : hasBegun && quiet > options.StallSeconds ? CancelReason.Stalled
            : null;
    }

    /// <summary>One request in flight.</summary>
    /// <param name="trace">The trace of the request.</param>
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
                // The request has ended in between and disposed the source.
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
