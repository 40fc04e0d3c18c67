using GreenServe.Engine;
using GreenServe.Engine.Http;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Running;
using GreenServe.Running.Live;
using GreenServe.Running.Machine;
using GreenServe.Serving.OpenAi;
using GreenServe.Simulation.Runs;
using GreenServe.Tests.Cli;
using GreenServe.Tests.Fixtures;
using GreenServe.Tests.Serving;
using GreenServe.Workloads;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Tests.Running;

/// <summary>What a runner tells of its points while it runs them.</summary>
public sealed class LivePointTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task RunAsync_TellsTheResultOfAServedPoint()
    {
        await using FixedScheduleEngine engine = new(ServedRun.Quick);
        await using HttpServer server = await HttpServer.StartAsync(engine, new HttpServerOptions { Port = 0 });
        LiveRun live = new() { IsWatched = true };
        await using IPointRunner runner = Runner(live, server.Address);

        RunRecord record = await runner.RunAsync(Point(), folder.PathOf("one") + Path.DirectorySeparatorChar, CancellationToken.None);

        LiveSnapshot seen = live.Latest;
        LivePointResult result = Assert.Single(seen.Ended);
        double tokens = record.Manifest.Counters[RunCounter.WindowOutputTokens.Name];
        Assert.Equal((EvidenceKind.Simulated, null, null), (seen.Evidence, seen.Point, seen.Load));
        Assert.Equal(("one", record.Manifest.Verdict.IsValid), (result.Point, result.IsValid));
        Assert.Equal(tokens / record.Manifest.Window!.LengthSeconds, result.OutputTokensPerSecond!.Value, 1e-9);
        Assert.Null(result.JoulesPerOutputToken);
    }

    [Fact]
    public async Task RunAsync_TellsWhyAPointCouldNotRun()
    {
        LiveRun live = new() { IsWatched = true };
        await using IPointRunner runner = Runner(live, new Uri("http://127.0.0.1:9"));

        await Assert.ThrowsAsync<UnavailableException>(() => runner.RunAsync(Point(), folder.PathOf("one"), CancellationToken.None));

        LivePointResult result = Assert.Single(live.Latest.Ended);
        Assert.False(result.IsValid);
        Assert.StartsWith("not run: http://127.0.0.1:9/ cannot be reached", result.Result, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "2,048 of 3,000 requests have ended")]
    [InlineData(40, null)]
    public void RunAsync_TellsHowFarASimulationIs_UnlessPointsAreMany(int points, string? expected)
    {
        List<string?> activities = [];
        LiveRun live = new() { IsWatched = true };
        live.Plan(points);
        live.BeginPoint(null, isSimulated: true);
        ISimulationSink sink = LiveSimulation.Over(new Nothing(), live, planned: 3000);
        for (int request = 0; request < 3000; request++)
        {
            sink.Add(default(RequestOutcome));
            activities.Add(live.Latest.Activity);
        }

        // A look after each 1,024 requests.
        Assert.Equal(expected, activities[^1]);
        Assert.Equal(expected is null, sink is Nothing);
    }

    public void Dispose() => folder.Dispose();

    private static IPointRunner Runner(LiveRun live, Uri endpoint) => PointRunner.Open(new PointRunnerOptions
    {
        Backend = BackendKind.OpenAI,
        Connection = new OpenAiOptions { Endpoint = endpoint },
        Measurement = new MeasurementContext { Live = live, Policy = new MeasurementPolicy { Baselines = BaselineChoice.None } },
    });

    private OperatingPoint Point() => OperatingPoint.Of(
        WorkloadCatalog.Read(folder.Write("small.workload.yaml", SmallWorkload.OfTheServer)),
        new ServingSystem { Gpu = "H100-80GB-SXM", GpuCount = 1, Engine = "vllm-0.11" });

    /// <summary>A sink that keeps nothing.</summary>
    private sealed class Nothing : ISimulationSink
    {
        public void Add(in StepStretch stretch)
        {
        }

        public void Add(in RequestOutcome outcome)
        {
        }

        public void AddTokenGaps(string requestClass, LatencyHistogram gaps)
        {
        }
    }
}
