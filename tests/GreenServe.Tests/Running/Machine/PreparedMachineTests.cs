using GreenServe.Engine;
using GreenServe.Engine.Http;
using GreenServe.Metering.Discovery;
using GreenServe.Records;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Running.Machine;
using GreenServe.Running.Points;
using GreenServe.Running.Processes;
using GreenServe.Serving.OpenAi;
using GreenServe.Tests.Fixtures;
using GreenServe.Tests.Metering.Fakes;
using GreenServe.Tests.Serving.OpenAi;
using GreenServe.Workloads;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Tests.Running.Machine;

/// <summary>What a measured run does to a GPU and says of it; the GPU is a fake.</summary>
public sealed class PreparedMachineTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly FakeGpu gpu = new()
    {
        PowerLimitMilliwatts = 650_000,
        EnergyCallSeconds = 0,
        FieldCallSeconds = 0,
        LimitMade = limit => limit + 10_000,
    };
    private readonly List<string> said = [];

    [Fact]
    public async Task RunAsync_RecordsTheKnobsAsTheGpuTookThem_AndRestoresTheOldOnes()
    {
        MachineAccess access = FakeMachine.With(new FakeNvml(TimeProvider.System, gpu), knobFolder: folder.PathOf("knobs"));
        using MeterCatalog meters = FakeMachine.Discover(access);
        OperatingPoint point = PointOf(new Knobs { PowerCapWatts = 500, GpuClockMegahertz = 1200 });
        MeasurementPolicy options = new() { AllowsDeviceChanges = true, Baselines = BaselineChoice.None };
        await using FixedScheduleEngine engine = new(new FixedScheduleOptions { FirstTokenSeconds = 0.01, TokenGapSeconds = 0.005 });
        await using HttpServer server = await HttpServer.StartAsync(engine, new HttpServerOptions { Port = 0 });

        using (PreparedMachine machine = await PrepareAsync(point, meters, options))
        {
            EndpointTarget target = new(new OpenAiOptions { Endpoint = server.Address, Seed = 1 });
            await new ServedPoint(point, machine, new MeasurementContext()).RunAsync(target, folder.PathOf("run"), default);
            Assert.Equal(510_000u, gpu.PowerLimitMilliwatts);
        }

        RunRecord record = RunRecord.Read(folder.PathOf("run"));
        Assert.Equal((1200, 510), (record.Manifest.Knobs.GpuClockMegahertz, record.Manifest.Knobs.PowerCapWatts));
        Assert.Equal(500, record.Manifest.Counters["asked_power_cap_watts"]);
        Assert.DoesNotContain("asked_gpu_clock_megahertz", record.Manifest.Counters.Keys);
        Assert.Contains(said, line => line.Contains("power_cap_watts", StringComparison.Ordinal));
        Assert.Contains("unlock", gpu.Settings);
        Assert.Contains("power 650000", gpu.Settings);
        Assert.Null(record.Manifest.Baselines);

        // The server only pretends to compute: this machine's joules and speed are none of its.
        Assert.Null(record.Manifest.Environment.HostSpeed);
        Assert.Empty(record.Power);
        Assert.Equal(4, record.Requests.Count);
    }

    [Fact]
    public async Task RunAsync_RecordsWhoseMetersWereReadAndHowFastTheHostIs_WhenTheServerWasNotStartedHere()
    {
        using MeterCatalog meters = FakeMachine.Discover(FakeMachine.With(new FakeNvml(TimeProvider.System, gpu)));
        OperatingPoint point = PointOf(new Knobs());
        await using ScriptedServer server = new(request => request.Path == "/v1/models"
            ? ScriptedAnswer.Of(200, """{"data":[{"id":"llama-15m","owned_by":"vllm"}]}""")
            : ScriptedServer.OneToken);

        using (PreparedMachine machine = await PrepareAsync(point, meters, new MeasurementPolicy { Baselines = BaselineChoice.None }))
        {
            EndpointTarget target = new(new OpenAiOptions { Endpoint = server.Address, Seed = 1, Readers = 1 });
            HostProbeProcess probe = new(["/bin/sh", "-c", """echo '{"launch_seconds":5e-06}'"""]);
            await new ServedPoint(point, machine, new MeasurementContext { HostProbe = probe })
                .RunAsync(target, folder.PathOf("run"), default);
        }

        Assert.Equal(5e-6, RunRecord.Read(folder.PathOf("run")).Manifest.Environment.HostSpeed!.LaunchSeconds);
        Assert.Contains(RunRecord.Read(folder.PathOf("run")).Manifest.Notes, note => note.StartsWith(
            $"energy is that of this machine, to which {server.Address.Authority} leads;", StringComparison.Ordinal));
    }

    [Fact]
    public async Task PrepareAsync_TouchesNothing_WithoutPermission()
    {
        MachineAccess access = FakeMachine.With(new FakeNvml(TimeProvider.System, gpu), knobFolder: folder.PathOf("knobs"));
        using MeterCatalog meters = FakeMachine.Discover(access);
        OperatingPoint point = PointOf(new Knobs { PowerCapWatts = 500, GpuClockMegahertz = 1200 });

        await Assert.ThrowsAsync<InvalidInputException>(
            () => PrepareAsync(point, meters, new MeasurementPolicy { Baselines = BaselineChoice.None }));

        Assert.Empty(gpu.Settings);
        Assert.Equal(
            ["knobs.gpu_clock_megahertz", "knobs.power_cap_watts"], new MeasurementPolicy().Check(point).Select(problem => problem.Place));
        Assert.Empty(new MeasurementPolicy { AllowsDeviceChanges = true }.Check(point));
    }

    [Fact]
    public async Task PrepareAsync_SaysThatThereIsNoGpu_WhereAKnobNeedsOne()
    {
        using MeterCatalog meters = FakeMachine.Discover(FakeMachine.With());

        await Assert.ThrowsAsync<UnavailableException>(() => PrepareAsync(
            PointOf(new Knobs { PowerCapWatts = 500 }),
            meters,
            new MeasurementPolicy { AllowsDeviceChanges = true, Baselines = BaselineChoice.None }));
    }

    [Fact]
    public async Task MeasureBaselinesAsync_SaysWhyThereAreNone_WithoutAGpu()
    {
        using MeterCatalog meters = FakeMachine.Discover(FakeMachine.With());

        using PreparedMachine machine = await PrepareAsync(PointOf(new Knobs()), meters, new MeasurementPolicy());
        using ServerMeters server = ServerMeters.Choose(
            isSimulated: false, isHere: true, [new Uri("http://127.0.0.1:9/metrics")], meters, new MeasurementContext());
        Baselines? baselines = await machine.MeasureBaselinesAsync(server, default);

        Assert.Equal(
            (null, null, "loaded-idle not measured: no meter covers a GPU"),
            (baselines!.IdleWatts, baselines.LoadedIdleWatts, baselines.Note));
    }

    public void Dispose() => folder.Dispose();

    private Task<PreparedMachine> PrepareAsync(OperatingPoint point, MeterCatalog meters, MeasurementPolicy options) =>
        PreparedMachine.PrepareAsync(
            point, meters, new MeasurementContext { Policy = options, Notices = new Progress(said) }, default, folder.PathOf("knobs"));

    private static OperatingPoint PointOf(Knobs knobs, string gpu = "H200") => OperatingPoint.Of(
        DocumentOf("""
            name: small
            purpose: a test
            source: this test
            model: llama-15m
            arrival: { kind: closed_loop, concurrency: 1 }
            lengths: { kind: independent, input: { kind: fixed, tokens: 8 }, output: { kind: fixed, tokens: 8 } }
            requests: 4
            """),
        new ServingSystem { Gpu = gpu, GpuCount = 1, Engine = "greenserve" }, knobs, []);

    private static Workload DocumentOf(string yaml)
    {
        using TemporaryFolder folder = new();
        return WorkloadCatalog.Read(folder.Write("small.workload.yaml", yaml));
    }

    private sealed class Progress(List<string> said) : IProgress<string>
    {
        public void Report(string value) => said.Add(value);
    }
}
