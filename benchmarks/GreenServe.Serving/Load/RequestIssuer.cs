using GreenServe.Records.Requests;
using GreenServe.Records.Timing;

namespace GreenServe.Serving.Load;

/// <summary>
/// Sends each request at its time, from a thread on which nothing else runs. The schedule is then kept whatever the server, the reading
/// threads or the thread pool do.
/// </summary>
internal sealed class RequestIssuer : IAsyncDisposable
{
    /// <summary>The moment for which a <see cref="PreciseWaiter"/> waits until it is woken.</summary>
    private const long WakeOnly = long.MaxValue;
    private readonly IssuePlan plan;
    private readonly IServingBackend backend;
    private readonly InFlightRequests inFlight;
    private readonly LoadRecorder recorder;
    private readonly FirstRefusals refusals;
    private readonly TimeProvider provider;
    private readonly PreciseWaiter waiter;
    private readonly TaskCompletionSource allIssued = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource loadFalls = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread thread;
    private volatile bool isStopping;

    internal RequestIssuer(
        IssuePlan plan,
        IServingBackend backend,
        InFlightRequests inFlight,
        LoadRecorder recorder,
        FirstRefusals refusals,
        TimeProvider provider)
    {
        this.refusals = refusals;
        this.plan = plan;
        this.backend = backend;
        this.inFlight = inFlight;
        this.recorder = recorder;
        this.provider = provider;
        waiter = new PreciseWaiter(provider);
        thread = new Thread(Run) { Name = "issue requests", IsBackground = true };
    }

    /// <summary>
    /// Completes when a user of a closed loop has become idle before everything was sent, which happens only with sessions. Otherwise it
    /// never completes.
    /// </summary>
    internal Task LoadFalls => loadFalls.Task;

    /// <summary>Sends every request. The task completes when the last one has been sent or the token is cancelled.</summary>
    internal async Task IssueAllAsync(CancellationToken cancellationToken)
    {
        await using (cancellationToken.UnsafeRegister(static issuer => ((RequestIssuer)issuer!).Stop(), this).ConfigureAwait(false))
        {
            thread.Start();
            await allIssued.Task.ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Stop();
        if (thread.IsAlive)
        {
            await allIssued.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            thread.Join();
        }

        waiter.Dispose();
    }

    private void Stop()
    {
        isStopping = true;
        waiter.Wake();
    }

    private void Run()
    {
        try
        {
            while (!isStopping && plan.TryTake(out PreparedRequest? request, out IssuePlan.Turn turn))
            {
                if (plan.FirstIdleTimestamp is not null)
                {
                    loadFalls.TrySetResult();
                }

                if (request is null)
                {
                    waiter.WaitUntil(turn.DueTimestamp ?? WakeOnly);
                }
                else
                {
                    Send(request, turn);
                }
            }

            recorder.NoteFullLoadEnd(plan.FirstIdleTimestamp ?? provider.GetTimestamp());
            allIssued.SetResult();
        }
        catch (Exception exception)
        {
            // Only a fault of the suite or of a backend gets here. It must reach the caller and not end the process.
            allIssued.SetException(exception);
        }
    }

    private void Send(PreparedRequest request, IssuePlan.Turn turn)
    {
        long due = turn.DueTimestamp ?? throw new InvalidOperationException("A plan gave a request without the time at which it was due.");
        RequestTrace trace = new(request.Request, due, provider) { ClientQueueTicks = turn.QueueTicks };
        _ = FollowAsync(request, inFlight.Add(trace));
    }

    private async Task FollowAsync(PreparedRequest request, InFlightRequests.Entry entry)
    {
        await backend.ServeAsync(request, entry.Trace, entry.Token).ConfigureAwait(false);
        refusals.Note(entry.Trace);
        if (plan.GiveBack(request.Request))
        {
            waiter.Wake();
        }

        recorder.Add(entry.Trace);
        inFlight.Remove(entry);
    }
}

/// <summary>
/// Notices a server that refuses everything it is sent, so that a run does not go through its whole schedule in vain. Thread-safe.
/// </summary>
/// <param name="stop">Stops the load. It is called once.</param>
internal sealed class FirstRefusals(Action stop)
{
    /// <summary>
    /// Refusals after which a load is stopped if nothing else came before them. A server that would serve some of the requests has shown
    /// it by then, and the record shows that it was not one request alone.
    /// </summary>
    internal const int Limit = 10;
    private readonly Lock gate = new();
    private int refusals;
    private bool hasSeenOther;
    private string? example;

    /// <summary>Description of the first refusal; <c>null</c> unless the load was stopped.</summary>
    internal string? StoppedBy
    {
        get
        {
            lock (gate)
            {
                return refusals >= Limit ? example : null;
            }
        }
    }

    /// <summary>Notes how a request ended.</summary>
    internal void Note(RequestTrace trace)
    {
        lock (gate)
        {
            hasSeenOther |= trace.Status is not (RequestStatus.Refused or RequestStatus.Cancelled);
            if (hasSeenOther || trace.Status == RequestStatus.Cancelled || refusals >= Limit)
            {
                return;
            }

            example ??= trace.Error;
            refusals++;
            if (refusals < Limit)
            {
                return;
            }
        }

        stop();
    }
}
