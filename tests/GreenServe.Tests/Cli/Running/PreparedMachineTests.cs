using GreenServe.Cli.Running;
using GreenServe.Engine;
using GreenServe.Engine.Http;
using GreenServe.Metering.Discovery;
using GreenServe.Records;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Serving.Load;
using GreenServe.Serving.OpenAi;
using GreenServe.Tests.Fixtures;
using GreenServe.Tests.Metering.Fakes;
using GreenServe.Workloads;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Tests.Cli.Running;

/// <summary>What a measured run does to a GPU and says of it; the GPU is a fake.</summary>
public sealed class PreparedMachineTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly FakeGpu gpu = new() { PowerLimitMilliwatts = 650_000, EnergyCallSeconds = 0, FieldCallSeconds = 0, LimitMade = limit => limit + 10_000 };
    private readonly List<string> said = [];

    [Fact]
    public async Task Run_RecordsTheKnobsAsTheGpuTookThem_AndGivesThemBack()
    {
        using MeterCatalog meters = FakeMachine.Discover(FakeMachine.With(new FakeNvml(TimeProvider.System, gpu), knobFolder: folder.PathOf("knobs")));
        OperatingPoint point = PointOf(new Knobs { PowerCapWatts = 500, GpuClockMegahertz = 1200 });
        MeasurementPolicy options = new() { AllowsDeviceChanges = true, Baselines = BaselineChoice.None };
        await using FixedScheduleEngine engine = new(new FixedScheduleOptions { FirstTokenSeconds = 0.01, TokenGapSeconds = 0.005 });
        await using HttpServer server = await HttpServer.StartAsync(engine, new HttpServerOptions { Port = 0 });

        using (PreparedMachine conditions = await PrepareAsync(point, meters, options))
        {
            await new ServedPoint(point, conditions, new LoadOptions()).RunAsync(
                new OpenAiOptions { Endpoint = server.Address, Seed = 1 }, folder.PathOf("run"), default);
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

        // The server only pretends to compute: this machine's joules are none of its.
        Assert.Empty(record.Power);
        Assert.Equal(4, record.Requests.Count);
    }

    [Fact]
    public async Task Prepare_TouchesNothing_WithoutLeave()
    {
        using MeterCatalog meters = FakeMachine.Discover(FakeMachine.With(new FakeNvml(TimeProvider.System, gpu), knobFolder: folder.PathOf("knobs")));
        OperatingPoint point = PointOf(new Knobs { PowerCapWatts = 500, GpuClockMegahertz = 1200 });

        await Assert.ThrowsAsync<InvalidInputException>(() => PrepareAsync(point, meters, new MeasurementPolicy { Baselines = BaselineChoice.None }));

        Assert.Empty(gpu.Settings);
        Assert.Equal(
            ["knobs.gpu_clock_megahertz", "knobs.power_cap_watts"], new MeasurementPolicy().Check(point).Select(problem => problem.Place));
        Assert.Empty(new MeasurementPolicy { AllowsDeviceChanges = true }.Check(point));
    }

    [Fact]
    public async Task Prepare_SaysThatThereIsNoGpu_WhereAKnobNeedsOne()
    {
        using MeterCatalog meters = FakeMachine.Discover(FakeMachine.With());

        await Assert.ThrowsAsync<UnavailableException>(() => PrepareAsync(
            PointOf(new Knobs { PowerCapWatts = 500 }), meters, new MeasurementPolicy { AllowsDeviceChanges = true, Baselines = BaselineChoice.None }));
    }

    [Fact]
    public async Task Baselines_SayWhyThereAreNone_WithoutAGpu()
    {
        using MeterCatalog meters = FakeMachine.Discover(FakeMachine.With());

        using PreparedMachine conditions = await PrepareAsync(PointOf(new Knobs()), meters, new MeasurementPolicy());
        Baselines? baselines = await conditions.MeasureBaselinesAsync(default);

        Assert.Equal((null, null, "loaded-idle not measured: no meter covers a GPU"), (baselines!.IdleWatts, baselines.LoadedIdleWatts, baselines.Note));
    }

    [Fact]
    public void OwnMeters_LeaveOutWhatTheEngineDoesNotUse()
    {
        FakeGpu other = new() { Uuid = "GPU-99999999-2222-3333-4444-555555555555" };
        MachineAccess machine = FakeMachine.With(
            new FakeNvml(TimeProvider.System, gpu, other), environment: new Dictionary<string, string> { ["CUDA_VISIBLE_DEVICES"] = "1,0" });

        using MeterCatalog onGpu = FakeMachine.Discover(machine, EnginePoint.OwnMeters(PointOf(new Knobs())));
        using MeterCatalog onCpu = FakeMachine.Discover(machine, EnginePoint.OwnMeters(PointOf(new Knobs(), "cpu")));

        using MeterCatalog onBoth = FakeMachine.Discover(machine, EnginePoint.OwnMeters(PointOf(new Knobs { TensorParallelism = 2 })));

        Assert.Equal([other.Uuid], onGpu.Gpus.Select(device => device.Uuid));
        Assert.Equal([other.Uuid, gpu.Uuid], onBoth.Gpus.Select(device => device.Uuid));
        Assert.Empty(onCpu.Gpus);
        Assert.DoesNotContain(onCpu.Meters, meter => meter.Scope == MeterScope.Gpu);
    }

    [Fact]
    public void EngineMeters_AreFoundOnceForEachNumberOfGpus()
    {
        MachineAccess machine = FakeMachine.With(new FakeNvml(TimeProvider.System, gpu, new FakeGpu { Uuid = "GPU-9" }));
        using EngineMeters meters = new(point => FakeMachine.Discover(machine, EnginePoint.OwnMeters(point)));

        MeterCatalog one = meters.Of(PointOf(new Knobs()));
        MeterCatalog two = meters.Of(PointOf(new Knobs { TensorParallelism = 2 }));

        Assert.Equal((1, 2), (one.Gpus.Count, two.Gpus.Count));
        Assert.Same(one, meters.Of(PointOf(new Knobs { MaxBatch = 4 })));
    }

    public void Dispose() => folder.Dispose();

    private Task<PreparedMachine> PrepareAsync(OperatingPoint point, MeterCatalog meters, MeasurementPolicy options) =>
        PreparedMachine.PrepareAsync(point, meters, options, new Progress(said), default, folder.PathOf("knobs"));

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
