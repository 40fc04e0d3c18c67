using GreenServe.Records.Runs;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Serving.Load;

/// <summary>The inputs of one run of the <see cref="LoadGenerator"/>: the schedule, the server, the clock and the record.</summary>
public sealed record LoadRun
{
    /// <summary>The requests and the time of each. Second 0 of the schedule is the moment at which the load begins.</summary>
    public required RequestSchedule Schedule { get; init; }

    /// <summary>The backend that serves the requests. It stays open after the run; whoever opened it disposes it.</summary>
    public required IServingBackend Backend { get; init; }

    /// <summary>The clock of the run. Every time in the record is an offset (s) on it.</summary>
    public required RunClock Clock { get; init; }

    /// <summary>Receives requests, token gaps and client lags while the load runs. The caller completes it afterwards.</summary>
    public required RunRecordWriter Record { get; init; }

    /// <summary>How the schedule is sent, and when a request is given up.</summary>
    /// <value>The defaults of <see cref="LoadOptions"/>.</value>
    public LoadOptions Options { get; init; } = new();

    /// <summary>
    /// Called once in a closed loop, at the moment when its steady window ends, with that time on the run's clock (s). The window ends
    /// when the last request has been sent. With sessions it ends when the first user finds no session left. Nobody can know this moment
    /// before, so whoever reads meters more densely at the edges of the window learns of it here. In an open loop the schedule holds both
    /// edges, and nothing is called.
    /// </summary>
    /// <value><c>null</c>: nobody is told.</value>
    public Action<double>? OnWindowEnd { get; init; }

    /// <summary>
    /// Called about twice a second with what the load is doing, and once more when it has ended. The thread is one that yields to those
    /// that send and read. It must not throw.
    /// </summary>
    /// <value><c>null</c>: nobody is told, and nothing is sampled.</value>
    public Action<LoadProgress>? OnProgress { get; init; }

    /// <summary>
    /// Called for each request that has ended, warm-up included, on the recording thread, before its row is written. It must neither throw
    /// nor wait. The trace is emptied afterwards.
    /// </summary>
    /// <value><c>null</c>: nobody is told.</value>
    public Action<RequestTrace>? OnRequestEnd { get; init; }

    /// <summary>The time provider behind <see cref="Clock"/>.</summary>
    internal TimeProvider Time => Clock.Provider;
}
