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

        // Tokens in (2, 3.5]: at 2.5, 3, 3.2. Of the requests lie in it: 0.5 of 2.5 s, 1.2 of 1.7 s, and 1 of 6.5 s.
        Assert.Equal(3, CountOf(summary, RunCounter.WindowOutputTokens), 1e-9);
        Assert.Equal((0.5 / 2.5) + (1.2 / 1.7) + (1 / 6.5), CountOf(summary, RunCounter.WindowRequestsCompleted), 1e-9);
    }

    [Fact]
    public void Stop_OpensAClosedLoopsWindow_WhenTheLastUserHasBegun_HoweverOftenTheOthersHaveSent()
    {
        RequestSchedule schedule = Schedule(requests: 4, concurrency: 2);

        // The first user is served at 1 and 2 s, when the second one has not begun. The second user's first token comes at 3 s.
        LoadSummary summary = Record(schedule, lastIssued: 5, (0, 0, [1, 1.5]), (2, 1.5, [2, 2.5]), (1, 2.8, [3, 3.5]), (3, 3.5, [4, 6]));

        Assert.Equal(3.0, summary.Window!.StartSeconds);
    }

    [Fact]
    public void Stop_CountsTheLagOfWhatWasIssuedInTheWindow_WhenTheLoopIsClosed()
    {
        RequestSchedule schedule = Schedule(requests: 4, concurrency: 2);

        // Two users begin 0.5 s late. The window opens at 2 s; in it, requests are due at 2.5 and 3 s and sent 10 and 30 ms later.
        LoadSummary summary = Record(
            schedule,
            lastIssued: 5,
            cancelLast: false,
            tokens: null,
            [(0, 0, [1, 2.5]), (1, 0, [2, 3]), (2, 2.5, [3, 4.5]), (3, 3, [4, 7])],
            issued: new Dictionary<int, double> { [0] = 0.5, [1] = 0.5, [2] = 2.51, [3] = 3.03 });

        // Cycles from due to end: 2 s and 4 s.
        Assert.Equal(2, summary.ScheduleLags.Count);
        Assert.Equal(0.04, summary.ScheduleLags.SumSeconds, 1e-6);
        Assert.Equal(3.0, summary.MeanCycleSeconds!.Value, 1e-6);
    }

    [Fact]
    public void Stop_TakesAnOpenLoopsWindow_FromTheEndOfWarmUpToTheLastArrival()
    {
        RequestSchedule schedule = Schedule(requests: 3, concurrency: null, warmUp: 1);

        LoadSummary summary = Record(schedule, lastIssued: 5, (0, 0.5, [1, 1.2]), (1, 2, [2.5, 3]), (2, 5, [5.5, 6]));

        Assert.Equal((1.0, 5.0), (summary.Window!.StartSeconds, summary.Window.EndSeconds));

        // Tokens in (1, 5] count, and requests by their share in it, also those of the warm-up, since the server worked on them then:
        // 0.2 of 0.7 s of the first, all of the second, and nothing of the third, which was sent at the end.
        Assert.Equal(3, CountOf(summary, RunCounter.WindowOutputTokens), 1e-9);
        Assert.Equal((0.2 / 0.7) + 1, CountOf(summary, RunCounter.WindowRequestsCompleted), 1e-9);
        Assert.Equal(1, summary.WarmUpRequests);
    }

    [Fact]
    public void Stop_CountsTokensOfCancelledRequests_SoThatCancellingBiasesNothing()
    {
        RequestSchedule schedule = Schedule(requests: 2, concurrency: null);
        LoadSummary summary = Record(schedule, lastIssued: 4, cancelLast: true, (0, 0, [1, 2]), (1, 4, [4.5]));
        LoadSummary other = Record(schedule, lastIssued: 4, cancelLast: false, (0, 0, [1, 2]), (1, 4, [4.5]));

        Assert.Equal(CountOf(other, RunCounter.WindowOutputTokens), CountOf(summary, RunCounter.WindowOutputTokens));
        Assert.Equal(1, summary.CountOf(RequestStatus.Cancelled));
    }

    [Fact]
    public void Stop_FindsNoWindow_WhenTheUsersWereNeverAllBusy()
    {
        LoadSummary summary = Record(Schedule(requests: 2, concurrency: 3), lastIssued: 1, (0, 0, [1]), (1, 0, [2]));

        Assert.Null(summary.Window);
    }

    [Fact]
    public void Stop_KeepsTheLastRequestInTheWindow_WhenItIsSentBetweenTwoSlots()
    {
        // Two users in step, sent again at 1.0035 s, when the window closes. An edge that is rounded down would leave that wave out.
        LoadSummary summary = Record(
            Schedule(requests: 4, concurrency: 2),
            lastIssued: 1.0035,
            (0, 0, [0.1, 1.0035]), (1, 0, [0.1, 1.0035]), (2, 1.0035, [1.1, 2]), (3, 1.0035, [1.1, 2]));

        Assert.Equal((0.1, 1.01), (summary.Window!.StartSeconds, summary.Window.EndSeconds));
        Assert.Null(summary.Traffic!.ReasonAgainst(summary.Window));
    }

    [Fact]
    public void Stop_CountsAllTokens_WhereOnlyTheirSumIsKnown()
    {
        // The client saw three events, the server says that twelve tokens came. Two of the events lie in the window.
        LoadSummary summary = Record(Schedule(requests: 1, concurrency: null), lastIssued: 4, tokens: 12, (0, 4, [2, 3, 5]));

        Assert.Equal(8, CountOf(summary, RunCounter.WindowOutputTokens), 1e-9);
    }

    [Fact]
    public void Stop_CountsTheRequestsWhoseTokensCameInOnePiece()
    {
        // Mean gaps of 0, 40 µs and 60 µs, and one token without a gap. Faster than 50 µs a token is one piece.
        LoadSummary summary = Record(
            Schedule(requests: 4, concurrency: null),
            lastIssued: 1,
            (0, 0, [1, 1]), (1, 0, [1, 1.00004]), (2, 0, [1, 1.00006]), (3, 0, [1]));

        Assert.Equal((2, 3), (summary.InOnePiece, summary.WithGaps));
    }

    private static double CountOf(LoadSummary summary, RunCounter counter) =>
        summary.Traffic!.CountsOf(summary.Window!).Single(count => count.Key == counter).Value;

    private static RequestSchedule Schedule(int requests, int? concurrency, double warmUp = 0) => new(
        [.. Enumerable.Range(0, requests).Select(id => new ScheduledRequest(id, 0, default, 1, 2))], concurrency, warmUp);

    private LoadSummary Record(
        RequestSchedule schedule, double lastIssued, params (int Id, double Scheduled, double[] Tokens)[] requests) =>
        Record(schedule, lastIssued, cancelLast: false, tokens: null, requests);

    private LoadSummary Record(
        RequestSchedule schedule, double lastIssued, bool cancelLast, params (int Id, double Scheduled, double[] Tokens)[] requests) =>
        Record(schedule, lastIssued, cancelLast, tokens: null, requests);

    private LoadSummary Record(
        RequestSchedule schedule, double lastIssued, int tokens, params (int Id, double Scheduled, double[] Tokens)[] requests) =>
        Record(schedule, lastIssued, cancelLast: false, tokens, requests);

    private LoadSummary Record(
        RequestSchedule schedule,
        double lastIssued,
        bool cancelLast,
        int? tokens,
        (int Id, double Scheduled, double[] Tokens)[] requests,
        Dictionary<int, double>? issued = null)
    {
        using TemporaryFolder folder = new();
        using RunRecordWriter writer = RunRecordWriter.Create(folder.PathOf("run"), ServedRun.Manifest());
        LoadRun run = new() { Schedule = schedule, Backend = FakeBackend.Immediate(time), Clock = clock, Record = writer };
        using LoadRecorder recorder = new(run, clock.StartTimestamp);
        DateTimeOffset start = time.GetUtcNow();
        foreach ((int id, double scheduled, double[] received) in requests)
        {
            RequestTrace trace = new(schedule.Requests[id], clock.TimestampAt(scheduled), time) { OutputTokens = tokens };
            if (issued is not null)
            {
                time.AdjustTime(start + TimeSpan.FromSeconds(issued[id]));
                trace.Issue();
            }

            foreach (double token in received)
            {
                trace.AddChunk(clock.TimestampAt(token), 1);
            }

            if (cancelLast && id == requests[^1].Id)
            {
                trace.Fail(RequestStatus.Cancelled, "still in flight when the run ended");
            }
            else
            {
                trace.Complete(clock.TimestampAt(received[^1]));
            }

            recorder.Add(trace);
        }

        recorder.NoteFullLoadEnd(clock.TimestampAt(lastIssued));
        return recorder.Stop();
    }
}
