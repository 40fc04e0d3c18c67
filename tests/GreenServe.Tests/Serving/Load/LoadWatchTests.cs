using CsCheck;
using GreenServe.Records.Runs;
using GreenServe.Serving.Load;
using GreenServe.Tests.Fixtures;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Serving.Load;

/// <summary>What a watch tells of loads with chosen times.</summary>
public sealed class LoadWatchTests : WatchedLoad
{
    [Fact]
    public void Look_TellsTokensAndLatencies_WhileARequestIsInFlight()
    {
        Begin(Open(requests: 2, lastSeconds: 20));
        RequestTrace trace = Send(0);
        Advance(0.1);
        Receive(trace, tokens: 1);
        Advance(0.05);
        Receive(trace, tokens: 3);

        LoadProgress progress = Look(0.4);

        Assert.Equal((1, 1, 0, 0), (progress.Sent, progress.InFlight, progress.Completed, progress.Failed));
        Assert.Equal(4, progress.OutputTokens);
        Assert.Equal(0.1, progress.TtftP50Seconds!.Value, 0.1 * 0.004);

        // Three gaps: 50 ms, and two of zero within the second chunk.
        Assert.Equal(0, progress.TbtP50Seconds!.Value, 1e-9);
        Assert.Equal(0.05, progress.TbtP99Seconds!.Value, 0.05 * 0.004);

        // Four tokens in 0.55 s.
        Assert.Equal(4 / 0.55, progress.OutputTokensPerSecond, 1e-6);
    }

    [Fact]
    public void Look_CountsEachTokenOnce_WhenARequestEndsBetweenTwoLooks()
    {
        Begin(Open(requests: 1, lastSeconds: 20));
        RequestTrace trace = Send(0);
        Receive(trace, tokens: 1);
        Look(0.5);
        Receive(trace, tokens: 1);
        End(trace, isCompleted: true);

        // The request still stands in the list of the last check of time limits.
        LoadProgress progress = Look(0.01);

        Assert.Equal((2.0, 1L, 0), (progress.OutputTokens, progress.Completed, progress.InFlight));
    }

    [Fact]
    public void Look_ForgetsWhatIsTenSecondsOld()
    {
        Begin(Open(requests: 2, lastSeconds: 60));
        RequestTrace slow = Send(0);
        Advance(2);
        Receive(slow, tokens: 1);
        Look(0);
        Look(5);
        RequestTrace quick = Send(1);
        Advance(0.1);
        Receive(quick, tokens: 1);
        LoadProgress both = Look(0);
        Advance(6);

        LoadProgress later = Look(0);

        Assert.Equal(2, both.TtftP99Seconds!.Value, 2 * 0.004);
        Assert.Equal(0.1, later.TtftP99Seconds!.Value, 0.1 * 0.004);
    }

    [Fact]
    public void Look_SamplesGapsWithoutRhythm_WhenThereAreMany()
    {
        // 40 requests, each with 1,000 gaps between two looks. Every fiftieth gap is long: 2 %, so that the 99th percentile is a long one.
        // Whoever took each tenth gap would find 10 % of them long, or none.
        Begin(Open(requests: 40, lastSeconds: 60));
        RequestTrace[] traces = [.. Enumerable.Range(0, 40).Select(Send)];
        for (int look = 0; look < 22; look++)
        {
            for (int chunk = 0; chunk < 1000; chunk++)
            {
                Time.Advance(TimeSpan.FromMilliseconds(chunk % 50 == 0 ? 10 : 0.3));
                Array.ForEach(traces, trace => Receive(trace, tokens: 1));
            }

            Look(0);
        }

        LoadProgress last = Told[^1];
        Assert.Equal(22 * 40 * 1000, last.OutputTokens);
        Assert.Equal(0.0003, last.TbtP50Seconds!.Value, 0.0003 * 0.004);
        Assert.Equal(0.010, last.TbtP99Seconds!.Value, 0.010 * 0.004);
    }

    [Theory]
    [InlineData(2.0, LoadStage.WarmingUp)]
    [InlineData(4.0, LoadStage.Measuring)]
    public void Look_TellsTheStage(double seconds, LoadStage expected)
    {
        Begin(Open(requests: 1, lastSeconds: 20, warmUp: 3));

        Assert.Equal(expected, Look(seconds).Stage);
    }

    [Fact]
    public void Look_TellsWhatRemains_FromTheTimesOfAnOpenLoop()
    {
        Begin(Open(requests: 3, lastSeconds: 20));
        RequestTrace trace = Send(0);
        Advance(4);
        Receive(trace, tokens: 1);
        End(trace, isCompleted: true);

        // The last request is sent at 20 s, and lasts four seconds like the first one.
        LoadProgress sending = Look(1);
        Watch.NoteAllSent();
        LoadProgress drainBegins = Look(15);
        LoadProgress draining = Look(1.5);

        Assert.Equal(15 + 4, sending.RemainingSeconds!.Value, 1e-6);
        Assert.Equal((LoadStage.Draining, 4.0), (drainBegins.Stage, drainBegins.RemainingSeconds!.Value));
        Assert.Equal(4 - 1.5, draining.RemainingSeconds!.Value, 1e-6);
    }

    [Fact]
    public void Look_TellsWhatRemains_FromTheShareOfTheTokens_WhenTheLoopIsClosed()
    {
        ScheduledRequest[] requests = [.. Enumerable.Range(0, 4).Select(id => new ScheduledRequest(id, 0, default, 1, 50))];
        Begin(new RequestSchedule(requests, concurrency: 1));

        // Nobody knows before anything has come.
        Assert.Null(Look(0.5).RemainingSeconds);

        RequestTrace trace = Send(0);
        Advance(9.5);
        Receive(trace, tokens: 40);

        // 40 of 200 tokens in 10 s: the other 160 take 40 s.
        Assert.Equal(40, Look(0).RemainingSeconds!.Value, 1e-6);
    }

    [Fact]
    public void Look_IsDueAfterHalfASecond()
    {
        Begin(Open(requests: 1, lastSeconds: 20));
        Assert.Equal(500, Watch.MillisecondsToNextLook);
        Advance(0.4);
        Ask(isLast: false);
        Assert.Empty(Told);
        Advance(0.1);
        Ask(isLast: false);

        Assert.Single(Told);
        Assert.Equal(500, Watch.MillisecondsToNextLook);
    }

    [Fact]
    public async Task RunAsync_TellsAtTheEndWhatHasCome_WhenSomebodyWatches()
    {
        using TemporaryFolder folder = new();
        using RunRecordWriter record = RunRecordWriter.Create(folder.PathOf("run"), ServedRun.Manifest());
        RequestSchedule schedule = ServedRun.Schedule(20);
        LoadRun run = new()
        {
            Schedule = schedule,
            Backend = FakeBackend.Immediate(TimeProvider.System),
            Clock = RunClock.Start(TimeProvider.System),
            Record = record,
            Options = ServedRun.Patient,
            OnProgress = Told.Add,
        };

        _ = await LoadGenerator.RunAsync(run, CancellationToken.None);

        LoadProgress last = Told[^1];
        Assert.Equal((20, 20L, 20L, 20L, 0L), (last.Planned, last.Sent, last.Completed, last.Completed + last.Failed, last.Failed));
        Assert.Equal(schedule.Requests.Sum(request => request.OutputTokens), last.OutputTokens);
        Assert.Equal(LoadStage.Draining, last.Stage);
        Assert.NotNull(last.ScheduleLagP99Seconds);
    }

    /// <summary>Whatever the order of sends, chunks, ends and looks, the last look has every token and every end once.</summary>
    [Fact]
    public void Look_HasEveryTokenOnce_HoweverRequestsAndLooksInterleave() =>
        Gen.Int[0, 99].Array[0, 200].Sample(
            steps =>
            {
                Begin(Open(requests: 200, lastSeconds: 60));
                List<RequestTrace> running = [];
                (int sent, long tokens, int ended) = (0, 0, 0);
                foreach (int step in steps)
                {
                    RequestTrace? trace = running.Count == 0 ? null : running[step % running.Count];
                    if (trace is null || step % 5 == 0)
                    {
                        running.Add(Send(sent++));
                    }
                    else if (step % 5 == 1)
                    {
                        End(trace, isCompleted: step % 2 == 0);
                        running.Remove(trace);
                        ended++;
                    }
                    else if (step % 5 == 2)
                    {
                        Look(step % 3 == 0 ? 0.3 : 0);
                    }
                    else
                    {
                        // A burst of chunks lets the room of the trace grow.
                        for (int chunk = 0; chunk <= step; chunk++, tokens += 2)
                        {
                            Receive(trace, tokens: 2);
                        }
                    }
                }

                LoadProgress last = Look(0.3);
                Assert.Equal((sent, running.Count), (last.Sent, last.InFlight));
                Assert.Equal((tokens, ended), (last.OutputTokens, last.Completed + last.Failed));
            },
            iter: 200,
            threads: 1);

    private static RequestSchedule Open(int requests, double lastSeconds, double warmUp = 0) => new(
        [.. Enumerable.Range(0, requests).Select(id => new ScheduledRequest(
            id, id == requests - 1 ? lastSeconds : 0, default, 1, 1_000_000))],
        warmUpSeconds: warmUp);
}
