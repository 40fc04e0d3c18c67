using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Serving.Load;
using GreenServe.Workloads.Schedules;
using Microsoft.Extensions.Time.Testing;

namespace GreenServe.Tests.Serving.Load;

/// <summary>A load whose requests do what a test says, at the times that it says, under a watch.</summary>
public abstract class WatchedLoad : IDisposable
{
    private readonly List<InFlightRequests> opened = [];
    private readonly Dictionary<RequestTrace, InFlightRequests.Entry> entries = [];
    private readonly long origin;
    private InFlightRequests inFlight = null!;

    private protected WatchedLoad() => origin = Time.GetTimestamp();

    private protected FakeTimeProvider Time { get; } = new();

    private protected List<LoadProgress> Told { get; } = [];

    private protected LoadWatch Watch { get; private set; } = null!;

    public void Dispose()
    {
        opened.ForEach(requests => requests.Dispose());
        GC.SuppressFinalize(this);
    }

    private protected void Begin(RequestSchedule schedule)
    {
        Told.Clear();
        LoadRun run = new()
        {
            Schedule = schedule,
            Backend = FakeBackend.Immediate(Time),
            Clock = RunClock.Start(Time),
            Record = null!,
            OnProgress = Told.Add,
        };
        inFlight = new InFlightRequests(Time, run.Options);
        opened.Add(inFlight);
        ClientMonitor monitor = ClientMonitor.Start(run.Clock, run.Backend);
        Watch = new LoadWatch(run, LoadHorizon.Of(schedule), Time.GetTimestamp(), inFlight, monitor);
    }

    private protected RequestTrace Send(int id)
    {
        RequestTrace trace = new(new ScheduledRequest(id, 0, default, 1, 8), origin, Time);
        entries[trace] = inFlight.Add(trace);
        trace.Issue();
        return trace;
    }

    private protected void Receive(RequestTrace trace, int tokens) => trace.AddChunk(Time.GetTimestamp(), tokens);

    private protected void End(RequestTrace trace, bool isCompleted)
    {
        if (isCompleted)
        {
            trace.Complete(Time.GetTimestamp());
        }
        else
        {
            trace.Fail(RequestStatus.ServerError, "as the test wants");
        }

        // In the order of the recording thread.
        inFlight.Remove(entries[trace]);
        Watch.Take(trace);
        trace.Release();
    }

    /// <summary>Lets time pass. The requests in flight are checked meanwhile, as in a run.</summary>
    private protected void Advance(double seconds) => Time.Advance(TimeSpan.FromSeconds(seconds));

    private protected LoadProgress Look(double afterSeconds)
    {
        Advance(afterSeconds);
        Ask(isLast: true);
        return Told[^1];
    }

    private protected void Ask(bool isLast)
    {
        // Time stands still in a look, and the list is that of the last check: a check more makes it new.
        inFlight.CancelOverdue();
        Watch.LookIfDue(isLast, new LoadSummary(), new SendLateness(isClosedLoop: false), []);
    }
}
