namespace GreenServe.Serving.Load;

/// <summary>Sends a schedule to a backend and records what comes back.</summary>
public static class LoadGenerator
{
    /// <summary>Runs a schedule to its end.</summary>
    /// <param name="run">The schedule, the backend, the clock, the record and the options.</param>
    /// <param name="cancellationToken">
    /// Stops the run. Nothing more is sent; requests in flight are cancelled and recorded as cancelled. The call then returns normally, and
    /// the outcome has the verdict reason <c>interrupted</c>.
    /// </param>
    /// <returns>What is known of the run as a whole. <see cref="LoadOutcome.Complete"/> finishes the manifest with it.</returns>
    /// <exception cref="IOException">The run record cannot be written.</exception>
    /// <exception cref="InvalidOperationException">The backend cannot prepare a request; the inner exception says why.</exception>
    public static async Task<LoadOutcome> RunAsync(LoadRun run, CancellationToken cancellationToken)
    {
        using RequestFeed feed = new(run.Schedule.InOrderOfNeed(), run.Backend);
        feed.WaitUntilPrimed();
        if (run.Schedule.Concurrency is { } users)
        {
            // In an open loop nobody knows how many requests will be in flight.
            await run.Backend
                .OpenConnectionsAsync(Math.Min(users, run.Schedule.Requests.Count), cancellationToken).ConfigureAwait(false);
        }

        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        FirstRefusals refusals = new(stop.Cancel);
        LoadHorizon? horizon = run.OnProgress is null ? null : LoadHorizon.Of(run.Schedule);
        long origin = run.Time.GetTimestamp();
        using InFlightRequests inFlight = new(run.Time, run.Options);
        ClientMonitor monitor = ClientMonitor.Start(run.Clock, run.Backend);
        LoadWatch? watch = horizon is null ? null : new LoadWatch(run, horizon, origin, inFlight, monitor);
        using LoadRecorder recorder = new(run, origin, watch);
        IssuePlan plan = PlanOf(run, feed, origin);
        await using (RequestIssuer issuer = new(plan, run.Backend, inFlight, recorder, refusals, run.Time))
        {
            Task allIssued = issuer.IssueAllAsync(stop.Token);
            await AnnounceWindowEndAsync(run, issuer, allIssued).ConfigureAwait(false);
            await allIssued.ConfigureAwait(false);
            await inFlight.EndAsync(stop.Token).ConfigureAwait(false);
        }

        LoadSummary summary = recorder.Stop();
        summary.StoppedBy = refusals.StoppedBy;
        return LoadOutcome.Of(run.Schedule, summary, monitor.Usage(), wasStopped: cancellationToken.IsCancellationRequested);
    }

    private static IssuePlan PlanOf(LoadRun run, RequestFeed feed, long origin) => run.Schedule.Concurrency is { } users
        ? new ClosedLoopPlan(feed, run.Schedule, run.Time, origin, users)
        : new OpenLoopPlan(feed, run.Schedule, run.Time, origin, run.Options.MaxInFlight);

    private static async Task AnnounceWindowEndAsync(LoadRun run, RequestIssuer issuer, Task allIssued)
    {
        if (run.Schedule.Concurrency is not null)
        {
            await Task.WhenAny(allIssued, issuer.LoadFalls).ConfigureAwait(false);
            run.OnWindowEnd?.Invoke(run.Clock.Seconds);
        }
    }
}
