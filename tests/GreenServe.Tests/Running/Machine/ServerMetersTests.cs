using GreenServe.Engine.Http;
using GreenServe.Engine.Inference;
using GreenServe.Engine.Simulated;
using GreenServe.Metering.Discovery;
using GreenServe.Records;
using GreenServe.Records.Measurements;
using GreenServe.Records.Systems;
using GreenServe.Running.Machine;
using GreenServe.Simulation.Physics;
using GreenServe.Tests.Fixtures;
using GreenServe.Tests.Metering.Fakes;
using GreenServe.Tests.Serving.OpenAi;
using GreenServe.Workloads.Models;

namespace GreenServe.Tests.Running.Machine;

/// <summary>Which meters see the energy of a server.</summary>
public sealed class ServerMetersTests : IDisposable
{
    private const string DcgmPage = """
        DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION{gpu="0",UUID="GPU-a"} 5000000
        DCGM_FI_DEV_POWER_USAGE{gpu="0",UUID="GPU-a"} 412.5
        """;

    // Nothing listens on this port.
    private static readonly Uri Nowhere = new("http://127.0.0.1:9/metrics");
    private readonly List<string> said = [];
    private readonly MeterCatalog machine = FakeMachine.Discover(FakeMachine.With(new FakeNvml(TimeProvider.System, new FakeGpu())));
    private readonly MeterCatalog nothing = FakeMachine.Discover(FakeMachine.With());

    public void Dispose()
    {
        machine.Dispose();
        nothing.Dispose();
    }

    [Fact]
    public async Task Choose_ReadsTheSimulatedMeterAlone_WhenTheServerIsSimulated()
    {
        SimulatedSystem system = SimulatedSystem.For(
            new ServingSystem { Gpu = "H100-80GB-SXM", GpuCount = 2, Engine = "vllm-0.11" },
            ModelCatalog.Read("llama-3.2-1b", folder: null),
            new Knobs { TensorParallelism = 2 });
        SimulatedRunner runner = new(system, TimeProvider.System);
        await using InferenceEngine engine = runner.CreateEngine();
        await using HttpServer server = await HttpServer.StartAsync(engine, new HttpServerOptions { Port = 0, Meter = runner.Meter });

        using ServerMeters meters = Choose(new Uri(server.Address, "metrics"), machine, isSimulated: true);

        // An energy counter and a power for each of two GPUs.
        Assert.Equal(4, meters.Catalog.Meters.Count);
        Assert.All(meters.Catalog.Meters, meter => Assert.True(meter.IsSimulated && meter.IsEstimated));
        Assert.Equal("simulated: Prometheus metric DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION", meters.Catalog.Meters[0].Method);
        Assert.Equal([true, true, false, false], meters.Catalog.Meters.Select(meter => meter.IsCounter));
        Assert.StartsWith($"{runner.Meter.Identifier}-0 at 127.0.0.1 ", meters.BaselineKey, StringComparison.Ordinal);
        Assert.False(meters.AreOfThisMachine);
    }

    [Fact]
    public void Choose_ReadsNothing_WhenASimulatedServerShowsNoEnergy()
    {
        using ServerMeters meters = Choose(Nowhere, machine, isSimulated: true);

        Assert.Equal("the server is simulated and shows no energy", Assert.Single(meters.Catalog.Meters).NotMeasured);
    }

    [Fact]
    public void Choose_ReadsNothing_WhenTheUserWantsNoMeter()
    {
        using ServerMeters meters = Choose(Nowhere, nothing, isSimulated: true, asked: MeterOptions.Parse(["none"]));

        Assert.Empty(meters.Catalog.Sources);
        Assert.Empty(said);
    }

    [Fact]
    public void Choose_ReadsThisMachine_WhenTheServerRunsHere()
    {
        using ServerMeters meters = Choose(Nowhere, machine);

        Assert.Same(machine, meters.Catalog);
        Assert.Equal("", meters.BaselineKey);
        Assert.StartsWith("energy is that of this machine, to which 127.0.0.1:9 leads;", meters.Note, StringComparison.Ordinal);
        Assert.Empty(said);
    }

    [Fact]
    public void Choose_ReadsNotThisMachine_WhenTheServerRunsElsewhere()
    {
        using ServerMeters meters = Choose(Nowhere, machine, isHere: false);

        MeterDescription none = Assert.Single(meters.Catalog.Meters);
        Assert.Equal("the server runs on 127.0.0.1, and the meters of this machine do not see it", none.NotMeasured);
        Assert.Contains("--meters dcgm=http://127.0.0.1:9400/metrics", Assert.Single(said), StringComparison.Ordinal);
    }

    [Fact]
    public void Choose_ReadsWhatTheUserChose_WhereverTheServerRuns()
    {
        using ServerMeters meters = Choose(Nowhere, machine, isHere: false, asked: new MeterOptions());

        Assert.Same(machine, meters.Catalog);
        Assert.Null(meters.Note);
        Assert.Empty(said);
    }

    [Fact]
    public async Task Choose_ReadsTheServersOwnMetrics_WhenNoMeterOfThisMachineCanBeRead()
    {
        await using ScriptedServer server = new(_ => ScriptedAnswer.Of(200, DcgmPage, "text/plain"));

        using ServerMeters own = Choose(new Uri(server.Address, "metrics"), nothing);
        using ServerMeters machines = Choose(new Uri(server.Address, "metrics"), machine);

        Assert.Equal("GPU-a at 127.0.0.1", own.Catalog.Meters[0].Device);
        Assert.False(own.AreSimulated);
        Assert.Contains("the server's own metrics", Assert.Single(said), StringComparison.Ordinal);
        Assert.Same(machine, machines.Catalog);
    }

    [Fact]
    public async Task Choose_ReadsTheServersGpus_WhenThisMachineHasOnlyMetersOfProcessors()
    {
        await using ScriptedServer gpus = new(_ => ScriptedAnswer.Of(200, DcgmPage, "text/plain"));
        using TemporaryFolder host = new();
        host.Write("sys/class/powercap/intel-rapl:0/name", "psys\n");
        host.Write("sys/class/powercap/intel-rapl:0/energy_uj", "1000000\n");
        host.Write("sys/class/powercap/intel-rapl:0/max_energy_range_uj", "262143328850\n");
        using MeterCatalog processors = FakeMachine.Discover(FakeMachine.With(root: host.Root));

        using ServerMeters own = Choose(new Uri(gpus.Address, "metrics"), processors);
        using ServerMeters machines = Choose(Nowhere, processors);

        Assert.Equal("GPU-a at 127.0.0.1", own.Catalog.Meters[0].Device);
        Assert.Equal($"energy is that of the server's own metrics at {gpus.Address}metrics", own.Note);
        Assert.EndsWith("no meter of a GPU of this machine can be read.", Assert.Single(said), StringComparison.Ordinal);
        Assert.Same(processors, machines.Catalog);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Choose_Refuses_WhenTheMetricsOfAServerThatIsNotMarkedAreSimulated(bool isHere)
    {
        string page = DcgmPage.Replace("GPU-a\"", "GPU-a\",evidence=\"simulated\"", StringComparison.Ordinal);
        await using ScriptedServer server = new(_ => ScriptedAnswer.Of(200, page, "text/plain"));

        UnavailableException refusal = Assert.Throws<UnavailableException>(
            () => Choose(new Uri(server.Address, "metrics"), nothing, isHere: isHere));

        Assert.StartsWith(
            $"The server's metrics at {server.Address}metrics are those of a simulation,", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Choose_Refuses_WhenASimulatedMeterIsChosenForARealServer()
    {
        string page = DcgmPage.Replace("GPU-a\"", "GPU-a\",evidence=\"simulated\"", StringComparison.Ordinal);
        await using ScriptedServer server = new(_ => ScriptedAnswer.Of(200, page, "text/plain"));
        MeterOptions asked = MeterOptions.Parse(["none", $"dcgm={new Uri(server.Address, "metrics")}"]);
        using MeterCatalog simulated = MeterCatalog.Discover(asked);

        UnavailableException refusal = Assert.Throws<UnavailableException>(
            () => Choose(new Uri(server.Address, "metrics"), simulated, asked: asked));

        Assert.Contains("the server of this run is not simulated", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SpeedOfHosts_SaysWhyItIsNotKnown_WhenNothingMeasuresThere()
    {
        using ServerMeters meters = Choose(Nowhere, machine, isHere: false);

        Assert.Equal(
            "the server runs on 10.0.0.5, and no greenserve meters serve there says how fast that host is",
            meters.SpeedOfHosts(["10.0.0.5"]).NotMeasured);
        Assert.Equal("the server runs on several hosts: a, b", meters.SpeedOfHosts(["a", "b"]).NotMeasured);
    }

    private ServerMeters Choose(
        Uri metrics, MeterCatalog ofMachine, bool isSimulated = false, bool isHere = true, MeterOptions? asked = null) =>
        ServerMeters.Choose(
            isSimulated,
            isHere,
            [metrics],
            ofMachine,
            new MeasurementContext { Policy = new MeasurementPolicy { Meters = asked }, Notices = new Listener(said) });

    private sealed class Listener(List<string> told) : IProgress<string>
    {
        public void Report(string value) => told.Add(value);
    }
}
