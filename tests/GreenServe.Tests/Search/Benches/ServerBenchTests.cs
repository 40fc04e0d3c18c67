using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Runs;
using GreenServe.Records.Verdicts;
using GreenServe.Search.Benches;
using GreenServe.Tests.Fixtures;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Tests.Search.Benches;

public sealed class ServerBenchTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Folder => folder.PathOf("out");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task RunAsync_FindsTheCapacity_WhenNothingIsKnownOfTheServer()
    {
        await using VirtualServer server = new();

        BenchResult result = await server.BenchAsync(new BenchPlan { Point = VirtualServer.Point() }, Folder);

        // A batch of two serves at most two requests in the time that one takes alone.
        double alone = result.Results[0].Metrics.Latencies.E2e!.MeanSeconds;
        Assert.Equal(1, result.Results[0].Load.Users);
        Assert.InRange(result.LowestAboveCapacity!.Load.RequestsPerSecond!.Value, 1 / alone, 2 * 1.3 / alone);
        Assert.True(result.HighestFollowed!.Load.RequestsPerSecond < result.LowestAboveCapacity.Load.RequestsPerSecond);
        Assert.InRange(
            result.LowestAboveCapacity.Load.RequestsPerSecond.Value / result.HighestFollowed.Load.RequestsPerSecond!.Value, 1, 1.26);
    }

    [Fact]
    public async Task RunAsync_EndsInTime_WhenTheTimeIsShort()
    {
        await using VirtualServer server = new();
        long begin = server.Clock.GetTimestamp();

        BenchResult result = await server.BenchAsync(new BenchPlan { Point = VirtualServer.Point(), Seconds = 60 }, Folder);

        // A load that fits is begun, and its queue may drain for a moment after the last arrival.
        Assert.InRange(server.Clock.GetElapsedTime(begin).TotalSeconds, 20, 70);
        Assert.Contains("The time was over", result.StoppedBy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_FindsTheLoadOfTheSlo_WhenItIsGiven()
    {
        await using VirtualServer server = new();

        BenchResult result = await server.BenchAsync(
            new BenchPlan { Point = VirtualServer.Point("ttft_p90=400ms"), Seconds = 2000 }, Folder);

        double met = result.Results.Where(one => one.IsWithinSlo == true).Max(one => one.Load.RequestsPerSecond ?? 0);
        double missed = result.Results.Where(one => one.IsWithinSlo == false && one.Load.RequestsPerSecond > met)
            .Min(one => one.Load.RequestsPerSecond!.Value);
        Assert.InRange(missed / met, 1, LoadLadder.SloGapFactor + 0.01);
        Assert.True(result.Best!.IsWithinSlo);
        Assert.False(result.IsSloMissed);
    }

    [Fact]
    public async Task RunAsync_SaysWhatCameNearest_WhenNoLoadMeetsTheSlo()
    {
        await using VirtualServer server = new();

        BenchResult result = await server.BenchAsync(
            new BenchPlan { Point = VirtualServer.Point("ttft_p50=1ms"), Seconds = 100 }, Folder);

        Assert.True(result.IsSloMissed);
        Assert.Null(result.Best);
        Assert.True(result.NearestToSlo!.Metrics.Slo!.WorstRatio.Value > 1);
    }

    [Fact]
    public async Task RunAsync_RunsTheGivenLoads_AndNoOther()
    {
        await using VirtualServer server = new();
        OfferedLoad[] loads = [OfferedLoad.OfUsers(1), OfferedLoad.OfUsers(4)];

        BenchResult result = await server.BenchAsync(
            new BenchPlan { Point = VirtualServer.Point(), Loads = loads, PointRequests = 12 }, Folder);

        Assert.Equal(loads, result.Results.Select(one => one.Load));
        Assert.Equal(["users-1", "users-4"], server.Ran.Select(point => point.Id));
        Assert.All(server.Ran, point => Assert.Equal(12, point.Workload.Requests));
        Assert.Null(result.StoppedBy);
    }

    [Fact]
    public async Task RunAsync_UsesTheEarlierRecords_WhenItGoesOn()
    {
        await using VirtualServer server = new();
        BenchPlan plan = new() { Point = VirtualServer.Point(), Seconds = 60 };
        BenchResult first = await server.BenchAsync(plan, Folder);

        await using VirtualServer second = new();
        BenchResult result = await second.BenchAsync(plan, Folder);

        // What was measured takes no time now, so that loads are measured that did not fit before.
        Assert.Subset(result.Results.Select(one => one.Load).ToHashSet(), first.Results.Select(one => one.Load).ToHashSet());
        Assert.DoesNotContain(second.Ran, point => server.Ran.Any(earlier => earlier.Id == point.Id));
        Assert.NotEmpty(second.Ran);
    }

    [Fact]
    public async Task RunAsync_UsesTheEarlierRecords_WhenItHasMoreTimeThanTheFirstBench()
    {
        await using VirtualServer server = new();
        await server.BenchAsync(new BenchPlan { Point = VirtualServer.Point(), Seconds = 60 }, Folder);

        await using VirtualServer second = new();
        await second.BenchAsync(new BenchPlan { Point = VirtualServer.Point(), Seconds = 960 }, Folder);

        // Loads last 6 s in the first bench and 60 s in the second. Those that are known do not run again.
        Assert.DoesNotContain(second.Ran, point => server.Ran.Any(earlier => earlier.Id == point.Id));
        Assert.NotEmpty(second.Ran);
    }

    [Fact]
    public async Task RunAsync_KeepsACutRecord_WhenTheBenchDoesNotComeToItsLoad()
    {
        await using VirtualServer server = new();
        BenchPlan users = new() { Point = VirtualServer.Point(), Loads = [OfferedLoad.OfUsers(2)], PointRequests = 5 };
        await server.BenchAsync(users, Folder);
        string manifest = Path.Combine(Folder, "users-2", "run.json");
        RunRecord record = RunRecord.Read(Path.Combine(Folder, "users-2"));
        await File.WriteAllTextAsync(
            manifest, DocumentContract.Readable(record.Manifest with { Verdict = RunVerdict.Interrupted }));

        await server.BenchAsync(users with { Loads = [OfferedLoad.OfUsers(1)] }, Folder);

        Assert.True(File.Exists(manifest));
    }

    [Fact]
    public async Task RunAsync_RefusesARecordOfSomethingElse_WhenItGoesOn()
    {
        await using VirtualServer server = new();
        BenchPlan plan = new() { Point = VirtualServer.Point(), Loads = [OfferedLoad.OfUsers(1)], PointRequests = 5 };
        await server.BenchAsync(plan, Folder);

        InvalidInputException exception = await Assert.ThrowsAsync<InvalidInputException>(
            () => server.BenchAsync(plan with { PointRequests = 6 }, Folder));

        Assert.Contains("requests was 5, now 6", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_KeepsTheResults_WhenItIsStopped()
    {
        using CancellationTokenSource stop = new();
        await using VirtualServer server = new() { OnRun = point => Stop(point, stop) };

        BenchResult result = await server.BenchAsync(new BenchPlan { Point = VirtualServer.Point() }, Folder, stop.Token);

        Assert.True(result.IsInterrupted);
        Assert.Equal(OfferedLoad.OfUsers(1), Assert.Single(result.Results).Load);

        static void Stop(OperatingPoint point, CancellationTokenSource stop)
        {
            if (point.Id != "users-1")
            {
                stop.Cancel();
            }
        }
    }

    [Fact]
    public async Task RunAsync_KeepsTheResults_WhenTheServerIsGone()
    {
        await using VirtualServer server = new() { OnRun = Fail };

        BenchResult result = await server.BenchAsync(new BenchPlan { Point = VirtualServer.Point() }, Folder);

        Assert.Equal("The server is gone.", result.StoppedBy);
        Assert.Single(result.Results);

        static void Fail(OperatingPoint point)
        {
            if (point.Id != "users-1")
            {
                throw new UnavailableException("The server is gone.");
            }
        }
    }

    [Fact]
    public async Task RunAsync_TakesNoResultOfAnotherServer_WhenItWasSwapped()
    {
        await using VirtualServer server = new() { Served = Swapped };

        BenchResult result = await server.BenchAsync(new BenchPlan { Point = VirtualServer.Point() }, Folder);

        Assert.Single(result.Results);
        Assert.Contains("Another server answered at", result.StoppedBy, StringComparison.Ordinal);
        Assert.Contains("llama-2-13b", result.StoppedBy, StringComparison.Ordinal);

        static OperatingPoint Swapped(OperatingPoint point) =>
            point.Id == "users-1" ? point : point with { Workload = point.Workload with { Model = "llama-2-13b" } };
    }

    [Fact]
    public async Task RunAsync_RefusesTheFolder_WhenItHoldsALoadOfAnotherQuestion()
    {
        await using VirtualServer server = new();
        OfferedLoad[] users = [OfferedLoad.OfUsers(1)];
        await server.BenchAsync(new BenchPlan { Point = VirtualServer.Point(), Loads = users, PointRequests = 5 }, Folder);
        OfferedLoad[] others = [OfferedLoad.OfUsers(2)];

        InvalidInputException exception = await Assert.ThrowsAsync<InvalidInputException>(() => server.BenchAsync(
            new BenchPlan { Point = VirtualServer.Point("ttft_p99=1s"), Loads = others, PointRequests = 5 }, Folder));

        Assert.Contains("users-1 from a run that was asked for something else (workload.slo", exception.Message, StringComparison.Ordinal);
        Assert.Equal(["users-1"], server.Ran.Select(point => point.Id));
    }
}
