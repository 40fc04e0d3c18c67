using GreenServe.Analysis.Metrics;
using GreenServe.Engine;
using GreenServe.Engine.Http;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Verdicts;
using GreenServe.Serving.Load;
using GreenServe.Tests.Fixtures;
using GreenServe.Tests.Workloads;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Serving.Load;

public sealed class LoadGeneratorTests
{
    private static readonly TimeProvider Time = TimeProvider.System;

    [Fact]
    public async Task OpenLoop_SendsEverything_WhenTheServerAnswersNothing()
    {
        FakeBackend backend = new(Time, (_, cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken));

        ServedRun run = await ServedRun.AgainstAsync(backend, ServedRun.Schedule(50), ServedRun.Patient with { End = LoadEnd.Cancel });

        // A closed loop would have stopped at the first one.
        Assert.Equal(50, backend.MaxInFlight);
        Assert.All(run.Record.Requests, request => Assert.Equal(RequestStatus.Cancelled, request.Status));
        Assert.Equal(Enumerable.Range(0, 50).Select(id => (long)id), run.Record.Requests.Select(request => request.Id).Order());
        Assert.DoesNotContain(run.Outcome.Reasons, reason => reason.Code == "failures");
        Assert.Contains(run.Outcome.Reasons, reason => reason.Code == "nothing-completed");
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData(2, 1)]
    public async Task RunAsync_AnnouncesTheEndOfTheWindow_WhenTheLoadIsAClosedLoop(int? users, int expected)
    {
        using TemporaryFolder folder = new();
        RequestSchedule openLoop = ServedRun.Schedule(20);
        RequestSchedule schedule = users is null
            ? openLoop
            : new RequestSchedule([.. openLoop.Requests.Select(request => request with { ScheduledSeconds = 0 })], concurrency: users);
        List<double> edges = [];
        using RunRecordWriter record = RunRecordWriter.Create(folder.PathOf("run"), ServedRun.Manifest());
        LoadRun run = new()
        {
            Schedule = schedule,
            Backend = FakeBackend.Immediate(Time),
            Clock = RunClock.Start(Time),
            Record = record,
            Options = ServedRun.Patient,
            OnWindowEnd = edges.Add,
        };

        LoadOutcome outcome = await LoadGenerator.RunAsync(run, CancellationToken.None);

        // The edges of an open loop are in its schedule. A closed loop ends its window when it has sent everything.
        Assert.Equal(expected, edges.Count);
        Assert.All(edges, edge => Assert.InRange(edge, outcome.OriginSeconds, outcome.EndSeconds));
    }

    [Fact]
    public async Task OpenLoop_NeverIssuesBeforeSchedule()
    {
        ServedRun run = await ServedRun.AgainstAsync(FakeBackend.Immediate(Time), ServedRun.Schedule(30), ServedRun.Patient);

        Assert.All(run.Record.Requests, request => Assert.True(request.IssuedSeconds >= request.ScheduledSeconds));
        Assert.Equal(30, run.Record.ClientLags["schedule"].Count);
        double origin = run.Outcome.OriginSeconds;
        Assert.All(run.Record.Requests, request => Assert.Equal(origin + (request.Id * 0.001), request.ScheduledSeconds, 1e-6));
    }

    [Fact]
    public async Task OpenLoop_HoldsTheCap_AndRecordsTheQueue()
    {
        FakeBackend? backend = null;
        backend = new FakeBackend(Time, async (trace, cancellationToken) =>
        {
            await Task.Delay(1, cancellationToken);
            await backend!.Complete(trace);
        });

        ServedRun run = await ServedRun.AgainstAsync(backend, ServedRun.Schedule(40), ServedRun.Patient with { MaxInFlight = 3 });

        Assert.InRange(backend.MaxInFlight, 1, 3);
        Assert.All(run.Record.Requests, request => Assert.NotNull(request.ClientQueueSeconds));
        Assert.All(
            run.Record.Requests,
            request => Assert.InRange(
                request.ClientQueueSeconds!.Value, 0, request.IssuedSeconds!.Value - request.ScheduledSeconds + 1e-9));
    }

    [Fact]
    public async Task ClosedLoop_KeepsItsUsersBusy_AndNoMore()
    {
        FakeBackend? backend = null;
        backend = new FakeBackend(Time, async (trace, cancellationToken) =>
        {
            await Task.Delay(1, cancellationToken);
            await backend!.Complete(trace);
        });
        RequestSchedule schedule = new(
            [.. ServedRun.Schedule(40).Requests.Select(request => request with { ScheduledSeconds = 0 })], concurrency: 4);

        ServedRun run = await ServedRun.AgainstAsync(backend, schedule, ServedRun.Patient);

        Assert.InRange(backend.MaxInFlight, 1, 4);
        Assert.Equal(40, run.Record.Requests.Count(request => request.Status == RequestStatus.Completed));
        Assert.Equal(4, run.Record.Manifest.Concurrency);
    }

    [Fact]
    public async Task ClosedLoop_SendsTheTurnsOfASessionInOrder_EachAfterTheLastHasComeBack()
    {
        const int Turns = 3;
        FakeBackend? backend = null;
        backend = new FakeBackend(Time, async (trace, cancellationToken) =>
        {
            // The sessions have different pace. A request of one fails, and its user goes on all the same.
            await Task.Delay(1 + (int)(trace.Request.Id / Turns % 3), cancellationToken);
            if (trace.Request.Id == 4)
            {
                trace.Fail(RequestStatus.ServerError, "as the test wants");
                return;
            }

            await backend!.Complete(trace);
        });
        ClosedLoopArrival arrival = new() { Concurrency = 4 };
        Workload workload = Samples.Workload(arrival, Samples.Fixed(16, 8), requests: 35) with
        {
            Sessions = new Sessions { Turns = Turns },
        };

        ServedRun run = await ServedRun.AgainstAsync(backend, RequestSchedule.For(workload), ServedRun.Patient);

        Assert.Equal(35, run.Record.Requests.Count);
        Assert.InRange(backend.MaxInFlight, 1, 4);
        foreach (IGrouping<long, RequestRecord> session in run.Record.Requests.GroupBy(request => request.Id / Turns))
        {
            RequestRecord[] turns = [.. session.OrderBy(request => request.Id)];
            Assert.All(
                turns.Zip(turns.Skip(1)),
                pair => Assert.True(pair.Second.IssuedSeconds >= (pair.First.CompletedSeconds ?? pair.First.IssuedSeconds)));
        }
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(1, 100)]
    public async Task Run_StopsAfterTheFirstRefusals_UnlessSomethingElseCameBefore(int completed, int expectedRefusalsAtLeast)
    {
        FakeBackend? backend = null;
        backend = new FakeBackend(Time, (trace, _) =>
        {
            if (trace.Request.Id < completed)
            {
                return backend!.Complete(trace);
            }

            trace.Fail(RequestStatus.Refused, $"400: no {trace.Request.Id}");
            return Task.CompletedTask;
        });
        RequestSchedule schedule = new(
            [.. ServedRun.Schedule(completed + 100).Requests.Select(request => request with { ScheduledSeconds = 0 })], concurrency: 1);

        ServedRun run = await ServedRun.AgainstAsync(backend, schedule, ServedRun.Patient);

        // One user sends one request after the other, so at most one more is on its way when the tenth refusal stops the load.
        int refused = run.Record.Requests.Count(request => request.Status == RequestStatus.Refused);
        Assert.InRange(refused, expectedRefusalsAtLeast, expectedRefusalsAtLeast + 1);
        VerdictReason? reason = run.Outcome.Reasons.SingleOrDefault(item => item.Code == "refused");
        Assert.Equal(completed == 0, reason?.Message.EndsWith("400: no 0", StringComparison.Ordinal) ?? false);
        Assert.DoesNotContain(run.Outcome.Reasons, item => item.Code == "interrupted");
    }

    [Fact]
    public async Task ClosedLoop_OpensAConnectionForEachUser_BeforeItBegins()
    {
        FakeBackend backend = FakeBackend.Immediate(Time);
        RequestSchedule closed = new(
            [.. ServedRun.Schedule(9).Requests.Select(request => request with { ScheduledSeconds = 0 })], concurrency: 4);

        await ServedRun.AgainstAsync(backend, closed, ServedRun.Patient);
        await ServedRun.AgainstAsync(backend, new RequestSchedule([.. closed.Requests.Take(3)], concurrency: 4), ServedRun.Patient);
        await ServedRun.AgainstAsync(backend, ServedRun.Schedule(2), ServedRun.Patient);

        // As many as there are users, at most as many as there are requests, and none in an open loop.
        Assert.Equal([4, 3], backend.OpenedAhead);
    }

    [Fact]
    public async Task Run_KeepsWarmUpOutOfEveryFigure()
    {
        // Ten requests a millisecond apart, the first five of them warm-up; each brings 8 tokens at once, which are 7 gaps.
        RequestSchedule schedule = new(ServedRun.Schedule(10).Requests, warmUpSeconds: 0.005);

        ServedRun run = await ServedRun.AgainstAsync(FakeBackend.Immediate(Time), schedule, ServedRun.Patient);

        Assert.Equal(10, run.Record.Requests.Count);
        Assert.Equal(5, run.Record.Manifest.Counters["requests_warm_up"]);
        Assert.Equal(5, run.Record.Manifest.Counters["requests_completed"]);
        Assert.Equal(5 * 7, run.Record.TokenGaps["SS"].Count);
        Assert.Equal(5, run.Record.ClientLags["schedule"].Count);
        Assert.Equal(run.Outcome.OriginSeconds + 0.005, run.Record.Manifest.WarmUpSeconds, 1e-9);
    }

    [Theory]
    [InlineData(LoadEnd.Drain)]
    [InlineData(LoadEnd.Cancel)]
    public async Task Run_CountsItsWindow_AsTheAnalysisDoes(LoadEnd end)
    {
        // Three users, whose requests need about 20 ms each.
        RequestSchedule schedule = new(ServedRun.Schedule(30).Requests, concurrency: 3);
        FixedScheduleOptions times = new() { FirstTokenSeconds = 0.006, TokenGapSeconds = 0.002 };

        ServedRun run = await ServedRun.AgainstAsync(
            new HttpServerOptions(), schedule, times, load: ServedRun.Patient with { End = end });

        RunManifest manifest = run.Record.Manifest;
        WindowTraffic traffic = WindowTraffic.Of(manifest, run.Record.Requests, manifest.Window!);
        Assert.Equal(manifest.Counters["window_requests_completed"], traffic.Requests, 1e-6);

        // The analysis spreads the tokens of a request evenly: two edges cut one request of each user, each off by its tokens at most.
        Assert.Equal(manifest.Counters["window_output_tokens"], traffic.OutputTokens.Value!.Value, 2.0 * 3 * ServedRun.OutputTokens);
    }

    [Fact]
    public async Task Run_LeavesAnInvalidRecordOfEverythingSent_WhenStopped()
    {
        using CancellationTokenSource stop = new();
        FakeBackend backend = new(Time, async (trace, cancellationToken) =>
        {
            if (trace.Request.Id == 4)
            {
                await stop.CancelAsync();
            }

            await Task.Delay(Timeout.Infinite, cancellationToken);
        });
        RequestSchedule schedule = new([.. ServedRun.Schedule(5).Requests, new ScheduledRequest(5, 3600, default, 16, 8)]);

        ServedRun run = await ServedRun.AgainstAsync(backend, schedule, ServedRun.Patient, stop.Token);

        Assert.Equal(5, run.Record.Requests.Count);
        Assert.All(run.Record.Requests, request => Assert.Equal(RequestStatus.Cancelled, request.Status));
        VerdictReason reason = run.Outcome.Reasons.Single(item => item.Code == "interrupted");
        Assert.Contains("1 requests were never sent", reason.Message, StringComparison.Ordinal);
        Assert.False(run.Record.Manifest.Verdict.IsValid);
    }

    [Fact]
    public async Task Run_EndsWithTheCause_WhenABackendCannotPrepare()
    {
        ThrowingBackend backend = new();

        InvalidOperationException exception = await Assert.ThrowsAsync<InvalidOperationException>(
            () => ServedRun.AgainstAsync(backend, ServedRun.Schedule(3), ServedRun.Patient));

        Assert.IsType<NotSupportedException>(exception.InnerException);
    }

    private sealed class ThrowingBackend : IServingBackend
    {
        public PreparedRequest Prepare(ScheduledRequest request) => throw new NotSupportedException();

        public Task ServeAsync(PreparedRequest request, RequestTrace trace, CancellationToken cancellationToken) => Task.CompletedTask;

        public ReadingSelfCheck CheckReading() => new("user", null, null);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
