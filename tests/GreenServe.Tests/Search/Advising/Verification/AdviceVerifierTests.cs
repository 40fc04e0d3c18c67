using GreenServe.Analysis.Advising;
using GreenServe.Engine;
using GreenServe.Engine.Http;
using GreenServe.Engine.Simulated;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Running;
using GreenServe.Running.Machine;
using GreenServe.Search.Advising.Verification;
using GreenServe.Serving.OpenAi;
using GreenServe.Serving.Servers;
using GreenServe.Simulation.Physics;
using GreenServe.Tests.Fixtures;
using GreenServe.Tests.Serving;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Lengths;
using GreenServe.Workloads.Models;

namespace GreenServe.Tests.Search.Advising.Verification;

public sealed class AdviceVerifierTests : IDisposable
{
    private static readonly Workload Tiny = TestAdvice.Workload with
    {
        Arrival = new ClosedLoopArrival { Concurrency = 2 },
        Lengths = new IndependentLengths { Input = new FixedLength { Tokens = 16 }, Output = new FixedLength { Tokens = 8 } },
        Requests = 8,
    };

    private static readonly AdvisedSetting First = TestAdvice.Finalist(TestAdvice.Setting(new Knobs { MaxBatch = 8 }), "batch 8");

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Rounds_RunEveryFinalistBeforeAnyRunsAgain_AndBeginWithAnotherEachTime()
    {
        IEnumerable<string> runs = AdviceVerifier.Rounds(["a", "b", "c"], 3).Select(run => $"{run.Finalist}{run.Repetition}");

        Assert.Equal("a0 b0 c0 b1 c1 a1 c2 a2 b2", string.Join(' ', runs));
        Assert.Empty(AdviceVerifier.Rounds(Array.Empty<string>(), 3));
    }

    [Fact]
    public async Task Run_MeasuresTheRecommendedSetting_OnAServerThatRuns()
    {
        SimulatedSystem system = SimulatedSystem.For(
            new ServingSystem { Gpu = "H100-80GB-SXM", GpuCount = 1, Engine = "vllm-0.11" },
            ModelCatalog.Read("llama-3.1-8b"),
            new Knobs());
        SimulatedRunner runner = new(system, TimeProvider.System);
        await using IInferenceEngine engine = runner.CreateEngine();
        await using HttpServer server = await HttpServer.StartAsync(engine, new HttpServerOptions { Port = 0, Meter = runner.Meter });
        AdviceDocument advice = TestAdvice.Of(
            Tiny,
            First,
            TestAdvice.Finalist(TestAdvice.Setting(new Knobs { MaxBatch = 16 }), "batch 16"),
            TestAdvice.Finalist(TestAdvice.Setting(new Knobs { MaxBatch = 8, GpuClockMegahertz = 1410 }), "1410 MHz"),
            TestAdvice.Finalist(First.Setting with { Gpu = "L40S" }, "L40S"),
            TestAdvice.Finalist(First.Setting with { Replicas = 2 }, "2 x TP 1"));
        List<string> finished = [];

        AdviceVerification found = await new AdviceVerifier(Running(server.Address))
        {
            Repetitions = 2,
            TwinName = "mine",
            Finished = (point, _) => finished.Add(point.Id),
        }.RunAsync(advice, folder.PathOf("verify"), CancellationToken.None);

        VerifiedSetting setting = Assert.Single(found.Settings);
        Assert.Equal((First, 2), (setting.Predicted, setting.Measured.Runs));
        Assert.Equal(EvidenceKind.Simulated, setting.Measured.Evidence);
        Assert.Equal(["finalist-1_r0", "finalist-1_r1"], finished);
        RunRecord record = RunRecord.Read(folder.PathOf("verify", "finalist-1", "finalist-1_r1"));
        Assert.Equal(Path.Combine("verify", "finalist-1"), setting.Record);
        Assert.Equal((8, Tiny.Seed + 1), (record.Requests.Count, record.Manifest.Seed));
        Assert.Equal(8, record.Manifest.Knobs.MaxBatch);
        Assert.StartsWith("The server simulates", found.Finding, StringComparison.Ordinal);

        Assert.Equal(4, found.NotMeasured.Count);
        Assert.Contains("a running server keeps its settings", found.NotMeasured[0], StringComparison.Ordinal);
        Assert.Contains("--allow-device-changes", found.NotMeasured[1], StringComparison.Ordinal);
        Assert.Contains("it needs L40S", found.NotMeasured[2], StringComparison.Ordinal);

        // A simulated run is no measurement to fit to.
        Assert.Null(found.TwinFolder);
        Assert.NotNull(found.NoTwinReason);
    }

    [SkippableFact]
    public async Task Run_StartsTheServerWithTheKnobsOfEachFinalist()
    {
        string program = Path.Combine(AppContext.BaseDirectory, "greenserve.dll");
        Skip.IfNot(File.Exists(program), "greenserve.dll does not lie beside the tests");
        ServerDefinition server = new()
        {
            Command = ["dotnet", program, "serve", "simulated", "--port", "{port}"],
            Knobs = new Dictionary<string, KnobFlag> { ["max_batch"] = new() { Arguments = ["--fixed-gap", "0.00{value}"] } },
        };
        AdviceDocument advice = TestAdvice.Of(Tiny, First, TestAdvice.Finalist(First.Setting with { Replicas = 2 }, "2 x TP 1"));

        AdviceVerification found = await new AdviceVerifier(Started(server)) { Repetitions = 1 }
            .RunAsync(advice, folder.PathOf("verify"), CancellationToken.None);

        // The knob of 8 became a gap of 8 ms between tokens: 7 gaps take 56 ms at least.
        Assert.Equal(First, Assert.Single(found.Settings).Predicted);
        RunRecord record = RunRecord.Read(folder.PathOf("verify", "finalist-1", "finalist-1_r0"));
        Assert.All(record.Requests, request => Assert.True(request.CompletedSeconds - request.IssuedSeconds > 0.056));
        Assert.True(File.Exists(folder.PathOf("verify", "finalist-1", "finalist-1_r0", "server.log")));
        Assert.StartsWith(
            "2 x TP 1: it has several instances, and --server starts one", Assert.Single(found.NotMeasured), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_MeasuresNothing_WhereNoServerStartsOrCanBeToldTheKnobs()
    {
        ServerDefinition server = new() { Command = ["/bin/false"] };
        AdviceDocument advice = TestAdvice.Of(Tiny, First, TestAdvice.Finalist(TestAdvice.Setting(), "default"));

        AdviceVerification found = await new AdviceVerifier(Started(server))
            .RunAsync(advice, folder.PathOf("verify"), CancellationToken.None);

        Assert.Null(found.Stood);
        Assert.Empty(found.Settings);
        Assert.Contains("knobs.max_batch: got 8, want a knob this server has", found.NotMeasured[0], StringComparison.Ordinal);
        Assert.StartsWith("default: ", found.NotMeasured[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(BackendKind.Simulated, "twin", "--verify")]
    [InlineData(BackendKind.OpenAI, "../twin", "--recalibrate")]
    public async Task Run_RefusesWhatCannotBe(BackendKind backend, string twin, string place)
    {
        PointRunnerOptions options = Running(new Uri("http://127.0.0.1:9")) with { Backend = backend };

        AdviceVerifier verifier = new(options) { TwinName = twin };

        InvalidInputException exception = await Assert.ThrowsAsync<InvalidInputException>(
            () => verifier.RunAsync(TestAdvice.Of(Tiny, First), folder.PathOf("verify"), CancellationToken.None));

        Assert.Equal(place, Assert.Single(exception.Problems).Place);
        Assert.False(Directory.Exists(folder.PathOf("verify")));
    }

    [Fact]
    public async Task Run_Stops_WhenItIsCancelled()
    {
        await using FixedScheduleEngine engine = new(ServedRun.Quick);
        await using HttpServer server = await HttpServer.StartAsync(engine, new HttpServerOptions { Port = 0 });
        using CancellationTokenSource stop = new();
        AdviceVerifier verifier = new(Running(server.Address)) { Finished = (_, _) => stop.Cancel() };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => verifier.RunAsync(TestAdvice.Of(Tiny, First), folder.PathOf("verify"), stop.Token));

        // What was measured stays.
        Assert.Equal(8, RunRecord.Read(folder.PathOf("verify", "finalist-1", "finalist-1_r0")).Requests.Count);
    }

    private static PointRunnerOptions Running(Uri address) => new()
    {
        Backend = BackendKind.OpenAI,
        Connection = new OpenAiOptions { Endpoint = address, Seed = 1 },
        Measurement = Quick,
    };

    private static PointRunnerOptions Started(ServerDefinition server) =>
        new() { Backend = BackendKind.OpenAI, Server = server, Measurement = Quick };

    private static MeasurementContext Quick { get; } =
        new() { Load = ServedRun.Patient, Policy = new MeasurementPolicy { Baselines = BaselineChoice.None } };
}
