using System.Net;
using GreenServe.Metering;
using GreenServe.Metering.Discovery;
using GreenServe.Metering.Hosting;
using GreenServe.Metering.Recording;
using GreenServe.Metering.Remote;
using GreenServe.Records;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Tests.Metering.Fakes;
using GreenServe.Tests.Serving.OpenAi;

namespace GreenServe.Tests.Metering.Hosting;

/// <summary>A meter host and the source that reads it, over a real connection.</summary>
public class MeterHostTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Read_BringsReadingsOntoTheRunsClock_FromAnotherHost()
    {
        FakeSource energy = new(batch => batch.Add(0, 300 * batch.NowSeconds), name: "gpu0.energy");
        using MeterCatalog local = new([energy, State()], [], [], []);
        await using MeterHost host = await MeterHost.StartAsync(local, IPAddress.Loopback, 0, token: null);
        using MeterCatalog remote = Connect(host.Address);
        RunClock clock = RunClock.Start(TimeProvider.System);
        MemorySink sink = new();

        await using PowerRecording recording = PowerRecording.Start(remote, clock, sink);
        SpinWait.SpinUntil(() => sink.Power.Count >= 10 && sink.Device.Count >= 1, Patience);
        PowerRecordingSummary summary = await recording.StopAsync();

        string name = $"{Environment.MachineName}:gpu0.energy";
        Assert.Equal(name, Assert.Single(summary.Meters).Name);
        double offset = summary.Counters[$"clock_offset_seconds:{Environment.MachineName}"];
        double error = summary.Counters[$"clock_offset_error_seconds:{Environment.MachineName}"];
        Assert.InRange(error, 0, 5);

        // The counter shows 300 W times the host's clock, which is this run's clock plus the offset.
        Assert.All(
            sink.Power,
            sample => Assert.Equal(300 * (sample.Seconds + offset), sample.CumulativeJoules!.Value, tolerance: 300 * 0.5));
        Assert.Equal($"{Environment.MachineName}:gpu0", sink.Device[0].Device);
        Assert.Equal(0, summary.Counters[$"remote_lost_readings:{Environment.MachineName}"]);
    }

    [Fact]
    public async Task Read_ReportsTheLoss_WhenTheHostGoesAway()
    {
        FakeSource energy = new(batch => batch.Add(0, 300 * batch.NowSeconds), name: "gpu0.energy");
        using MeterCatalog local = new([energy], [], [], []);
        MeterHost host = await MeterHost.StartAsync(local, IPAddress.Loopback, 0, token: null);
        using MeterCatalog remote = Connect(host.Address);
        IMeterSource source = Assert.Single(remote.Sources);
        RunClock clock = RunClock.Start(TimeProvider.System);
        ReadingBatch batch = new(() => clock.Seconds);
        source.Read(batch);

        await host.DisposeAsync();
        SpinWait.SpinUntil(
            () =>
            {
                batch.Clear();
                source.Read(batch);
                return batch.Readings.Any(reading => reading.Failure is not null);
            },
            Patience);

        Assert.Equal("remote-lost", batch.Readings.Single(reading => reading.Failure is not null).Failure!.Code);
    }

    [Fact]
    public async Task SpeedOf_IsWhatTheHostMeasured_AndOfThatHostAlone()
    {
        HostSpeed speed = new() { LaunchSeconds = 9e-6, NotMeasured = "speed of memory: too little of it" };
        using MeterCatalog local = new([], [], [], []);
        await using MeterHost host = await MeterHost.StartAsync(local, IPAddress.Loopback, 0, token: null, speed);

        using MeterCatalog remote = Connect(host.Address);

        Assert.Equal(speed, remote.SpeedOf("127.0.0.1"));
        Assert.Null(remote.SpeedOf("10.0.0.5"));
    }

    [Fact]
    public async Task SpeedOf_IsNotKnown_WhenTheHostDidNotMeasureIt()
    {
        using MeterCatalog local = new([], [], [], []);
        await using MeterHost host = await MeterHost.StartAsync(local, IPAddress.Loopback, 0, token: null);

        using MeterCatalog remote = Connect(host.Address);

        Assert.Null(remote.SpeedOf("127.0.0.1"));
    }

    [Fact]
    public async Task SpeedOf_IsNotKnown_WhenTheHostSaysWhatCannotBe()
    {
        await using ScriptedServer server = new(request => ScriptedAnswer.Of(
            200, request.Path == RemoteProtocol.HostSpeedPath ? """{"launch_seconds":-1}""" : """{"host":"other","meters":[]}"""));

        using MeterCatalog remote = Connect(server.Address);

        Assert.Null(remote.SpeedOf("127.0.0.1"));
    }

    [Fact]
    public async Task StartAsync_AsksForAToken_WhenOneIsSet()
    {
        using MeterCatalog local = new([], [], [], []);
        await using MeterHost host = await MeterHost.StartAsync(local, IPAddress.Loopback, 0, token: "secret");

        UnavailableException refused = Assert.Throws<UnavailableException>(() => Connect(host.Address));
        using MeterCatalog remote = Connect(host.Address, "secret");

        Assert.Contains("401", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
        Assert.Single(remote.Sources);
    }

    [Fact]
    public async Task StartAsync_RefusesTheOpenNetwork_WithoutAToken()
    {
        using MeterCatalog local = new([], [], [], []);

        await Assert.ThrowsAsync<InvalidInputException>(() => MeterHost.StartAsync(local, IPAddress.Any, 0, token: ""));
    }

    [Fact]
    public async Task StartAsync_IsUnavailable_WhenThePortIsTaken()
    {
        using MeterCatalog local = new([], [], [], []);
        await using MeterHost host = await MeterHost.StartAsync(local, IPAddress.Loopback, 0, token: null);

        await Assert.ThrowsAsync<UnavailableException>(
            () => MeterHost.StartAsync(local, IPAddress.Loopback, host.Address.Port, token: null));
    }

    [Fact]
    public void Connect_SaysHowToStartTheHost_WhenNobodyListens()
    {
        UnavailableException exception = Assert.Throws<UnavailableException>(() => Connect(new Uri("http://127.0.0.1:1")));

        Assert.Contains("greenserve meters serve", exception.Message, StringComparison.Ordinal);
    }

    private static MeterCatalog Connect(Uri address, string? token = null)
    {
        Dictionary<string, string> environment = token is null ? [] : new() { [RemoteProtocol.TokenVariable] = token };
        return FakeMachine.Discover(
            FakeMachine.With(environment: environment, http: () => new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5) }),
            new MeterOptions { UsesThisMachine = false, Remotes = [address] });
    }

    private static StateOnlySource State() => new();

    private sealed class StateOnlySource : IMeterSource
    {
        public string Name => "gpu0.state";

        public IReadOnlyList<MeterDescription> Meters => [];

        public SamplingNeed Need => new() { FixedIntervalSeconds = 0.2 };

        public void Read(ReadingBatch batch) => batch.AddState("gpu0", "sm_clock_megahertz", 1980);

        public void Dispose()
        {
        }
    }
}
