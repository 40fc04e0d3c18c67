using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Serving.Load;
using GreenServe.Tests.Fixtures;
using GreenServe.Workloads.Schedules;
using Microsoft.Extensions.Time.Testing;

namespace GreenServe.Tests.Serving.Load;

/// <summary>Windows and sums from traces with chosen times.</summary>
public sealed class LoadRecorderTests
{
    private readonly FakeTimeProvider time = new();
    private readonly RunClock clock;

    public LoadRecorderTests() => clock = RunClock.Start(time);

    [Fact]
    public void Stop_OpensAClosedLoopsWindow_WhenEveryUserHasAFirstToken_AndClosesItWithTheLastRequest()
    {
        RequestSchedule schedule = Schedule(requests: 4, concurrency: 2);

        // First tokens at 1, 2, 3, 4 s; the last request is sent at 3.5 s.
        LoadSummary summary = Record(schedule, lastIssued: 3.5, (0, 0, [1, 1.5]), (1, 0, [2, 2.5]), (2, 1.5, [3, 3.2]), (3, 2.5, [4, 9]));

        Assert.Equal((2.0, 3.5), (summary.Window!.StartSeconds, summary.Window.EndSeconds));

        // Tokens in [2, 3.5): at 2, 2.5, 3, 3.2. Completions: 2.5 and 3.2.
        Assert.Equal(4, summary.WindowOutputTokens);
        Assert.Equal(2, summary.WindowCompleted);
    }

    [Fact]
    public void Stop_TakesAnOpenLoopsWindow_FromTheEndOfWarmUpToTheLastArrival()
    {
        RequestSchedule schedule = Schedule(requests: 3, concurrency: null, warmUp: 1);

        LoadSummary summary = Record(schedule, lastIssued: 5, (0, 0.5, [1, 1.2]), (1, 2, [2.5, 3]), (2, 5, [5.5, 6]));

        Assert.Equal((1.0, 5.0), (summary.Window!.StartSeconds, summary.Window.EndSeconds));

        // Tokens and completions in [1, 5) count, also those of the warm-up request, since the server worked on them then.
        Assert.Equal(4, summary.WindowOutputTokens);
        Assert.Equal(2, summary.WindowCompleted);
        Assert.Equal(1, summary.WarmUpRequests);
    }

    [Fact]
    public void Stop_CountsTokensOfCancelledRequests_SoThatCancellingBiasesNothing()
    {
        RequestSchedule schedule = Schedule(requests: 2, concurrency: null);
        LoadSummary summary = Record(schedule, lastIssued: 4, cancelLast: true, (0, 0, [1, 2]), (1, 4, [4.5]));
        LoadSummary other = Record(schedule, lastIssued: 4, cancelLast: false, (0, 0, [1, 2]), (1, 4, [4.5]));

        Assert.Equal(other.WindowOutputTokens, summary.WindowOutputTokens);
        Assert.Equal(1, summary.CountOf(RequestStatus.Cancelled));
    }

    [Fact]
    public void Stop_FindsNoWindow_WhenTheUsersWereNeverAllBusy()
    {
        LoadSummary summary = Record(Schedule(requests: 2, concurrency: 3), lastIssued: 1, (0, 0, [1]), (1, 0, [2]));

        Assert.Null(summary.Window);
    }

    private static RequestSchedule Schedule(int requests, int? concurrency, double warmUp = 0) => new(
        [.. Enumerable.Range(0, requests).Select(id => new ScheduledRequest(id, 0, default, 1, 2))], concurrency, warmUp);

    private LoadSummary Record(
        RequestSchedule schedule, double lastIssued, params (int Id, double Scheduled, double[] Tokens)[] requests) =>
        Record(schedule, lastIssued, cancelLast: false, requests);

    private LoadSummary Record(
        RequestSchedule schedule, double lastIssued, bool cancelLast, params (int Id, double Scheduled, double[] Tokens)[] requests)
    {
        using TemporaryFolder folder = new();
        using RunRecordWriter writer = RunRecordWriter.Create(folder.PathOf("run"), ServedRun.Manifest());
        LoadRun run = new() { Schedule = schedule, Backend = FakeBackend.Immediate(time), Clock = clock, Record = writer };
        using LoadRecorder recorder = new(run, clock.StartTimestamp);
        foreach ((int id, double scheduled, double[] tokens) in requests)
        {
            RequestTrace trace = new(schedule.Requests[id], clock.TimestampAt(scheduled), time);
            foreach (double token in tokens)
            {
                trace.AddChunk(clock.TimestampAt(token), 1);
            }

            if (cancelLast && id == requests[^1].Id)
            {
                trace.Fail(RequestStatus.Cancelled, "still in flight when the run ended");
            }
            else
            {
                trace.Complete(clock.TimestampAt(tokens[^1]));
            }

            recorder.Add(trace);
        }

        recorder.NoteFullLoadEnd(clock.TimestampAt(lastIssued));
        return recorder.Stop();
    }
}
