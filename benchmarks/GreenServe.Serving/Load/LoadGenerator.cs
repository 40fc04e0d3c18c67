using GreenServe.Records.Runs;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Serving.Load;

/// <summary>Sends a schedule to a backend and records what comes back.</summary>
public static class LoadGenerator
{
    /// <summary>Runs a schedule to its end. Its second 0 is the moment of the call; the record's times are the clock's.</summary>
    /// <param name="schedule">What to send and when.</param>
    /// <param name="backend">Who serves it.</param>
    /// <param name="clock">The clock of the run.</param>
    /// <param name="record">Where requests, token gaps and lags go.</param>
    /// <param name="options">How to send, and when to give up.</param>
    /// <param name="announceEdge">
    /// Told when a closed loop has sent everything, or the first of its users is left without a session (s of the run's clock): the end of its steady window, which nobody knows before, so
    /// that meters can be read densely there. <c>null</c> for nobody.
    /// </param>
    /// <param name="cancellationToken">Stops the run: nothing more is sent, what is in flight is cancelled and recorded.</param>
    /// <returns>What is known of the run as a whole; its <see cref="LoadOutcome.Complete"/> finishes the manifest.</returns>
    public static Task<LoadOutcome> RunAsync(
        RequestSchedule schedule,
        IServingBackend backend,
        RunClock clock,
        RunRecordWriter record,
        LoadOptions options,
        Action<double>? announceEdge,
        CancellationToken cancellationToken) => RunAsync(schedule, backend, clock, record, options, observer: null, cancellationToken, announceEdge);

    /// <summary>The same, with nobody who waits for the window's edges.</summary>
    public static Task<LoadOutcome> RunAsync(
        RequestSchedule schedule,
        IServingBackend backend,
        RunClock clock,
        RunRecordWriter record,
        LoadOptions options,
        CancellationToken cancellationToken) => RunAsync(schedule, backend, clock, record, options, announceEdge: null, cancellationToken);

    /// <summary>The same, with somebody who sees every trace that has ended, on the recording thread.</summary>
    internal static async Task<LoadOutcome> RunAsync(
        RequestSchedule schedule,
        IServingBackend backend,
        RunClock clock,
        RunRecordWriter record,
        LoadOptions options,
        Action<RequestTrace>? observer,
        CancellationToken cancellationToken,
        Action<double>? announceEdge = null)
    {
        using RequestFeed feed = new(schedule.InOrderOfNeed(), backend);
        feed.WaitUntilPrimed();

        long origin = clock.Provider.GetTimestamp();
        IssuePlan plan = schedule.Concurrency is { } users
            ? new ClosedLoopPlan(feed, schedule, clock.Provider, origin, users)
            : new OpenLoopPlan(feed, clock.Provider, origin, options.MaxInFlight);
        using LoadRecorder recorder = new(schedule, origin, clock, record, options, observer);
        using InFlightRequests inFlight = new(clock.Provider, options);
        ClientMonitor monitor = ClientMonitor.Start(clock, backend);
        await using (RequestIssuer issuer = new(plan, backend, inFlight, recorder, clock.Provider))
        {
            Task allIssued = issuer.IssueAllAsync(cancellationToken);
            await Task.WhenAny(allIssued, issuer.LoadFalls).ConfigureAwait(false);
            if (schedule.Concurrency is not null)
            {
                announceEdge?.Invoke(clock.Seconds);
            }

            await allIssued.ConfigureAwait(false);
            await inFlight.EndAsync(options, cancellationToken).ConfigureAwait(false);
        }

        LoadSummary summary = recorder.Stop();
        return LoadOutcome.Of(schedule, summary, monitor.Stop(), wasStopped: cancellationToken.IsCancellationRequested);
    }
}
