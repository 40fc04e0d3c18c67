using GreenServe.Metering.Discovery;
using GreenServe.Metering.IdlePower;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Tests.Metering.Fakes;

namespace GreenServe.Tests.Metering.IdlePower;

public class BaselineMeasurementTests
{
    private static readonly BaselineOptions Quick = new() { MeasureSeconds = 0.6, SettlingSeconds = 0.1, LongestWaitSeconds = 0 };

    [Fact]
    public async Task IdleAsync_RefusesToMeasure_WhileAProcessHoldsAGpu()
    {
        using MeterCatalog catalog = Discover(new FakeGpu { Processes = 2 });

        BaselineReading idle = await BaselineMeasurement.IdleAsync(catalog, Quick);

        Assert.Null(idle.Watts);
        Assert.Contains("2 on NVIDIA H200 (GPU 0)", idle.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LoadedIdleAsync_AddsTheGpus_WithTheErrorOfTheEdges()
    {
        using MeterCatalog catalog = Discover(
            new FakeGpu { JoulesAt = time => 120 * time, EnergyCallSeconds = 0 },
            new FakeGpu { Uuid = "GPU-2", JoulesAt = time => 100 * time, EnergyCallSeconds = 0 });

        BaselineReading loaded = await BaselineMeasurement.LoadedIdleAsync(catalog, Quick);

        Assert.Equal(220, loaded.Watts!.Value, tolerance: loaded.ErrorWatts!.Value);
        Assert.Contains("not waited for", loaded.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task IdleAsync_SaysWhy_WhenThereIsNoGpuMeter()
    {
        using MeterCatalog catalog = FakeMachine.Discover(FakeMachine.With());

        BaselineReading idle = await BaselineMeasurement.IdleAsync(catalog, Quick);

        Assert.Equal((null, "idle not measured: no meter covers a GPU"), (idle.Watts, idle.Note));
    }

    [Fact]
    public async Task LoadedIdleAsync_Settles_WhenTheSettlingTimeIsShort()
    {
        BaselineOptions options = new() { MeasureSeconds = 0.2, SettlingSeconds = 0.4, LongestWaitSeconds = 30 };
        using MeterCatalog catalog = Discover(new FakeGpu { JoulesAt = time => 120 * time, EnergyCallSeconds = 0 });

        BaselineReading loaded = await BaselineMeasurement.LoadedIdleAsync(catalog, options);

        Assert.Contains(", settled after", loaded.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LoadedIdleAsync_SaysThatPowerWasNotSeen_WhenNoMeterReportsPower()
    {
        FakeSource counter = new(batch => batch.Add(0, 120 * batch.NowSeconds), name: "gpu0.energy");
        using MeterCatalog catalog = new([counter], [], [], []);

        BaselineReading loaded = await BaselineMeasurement.LoadedIdleAsync(catalog, Quick with { LongestWaitSeconds = 300 });

        Assert.NotNull(loaded.Watts);
        Assert.Contains("not known to be settled", loaded.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_AddsTheDriftToTheError_WhenPowerStillMoved()
    {
        WindowEnergy energy = Energy(MeterScope.Gpu, joules: 800, edgeErrorJoules: 5);

        BaselineReading settled = BaselineMeasurement.Evaluate("idle", energy, new Settled(40), lengthSeconds: 10);
        BaselineReading moving = BaselineMeasurement.Evaluate("idle", energy, new StillMoving(300, -3, 20), lengthSeconds: 10);

        // 5 J over 10 s are 0.5 W.
        Assert.Equal(new BaselineReading(80, 0.5, "idle over 10 s by gpu0.energy, settled after 40 s"), settled);
        Assert.Equal(
            new BaselineReading(
                80, 3.5, "idle over 10 s by gpu0.energy, not settled after 300 s, still moving by -3.0 W in 20 s"),
            moving);
    }

    [Fact]
    public void Evaluate_TakesTheModules_WhenTheBoardsWereNotMeasured()
    {
        ScopeEnergy boards = Energy(MeterScope.Gpu, joules: null, edgeErrorJoules: null).Scopes[0];
        ScopeEnergy modules = Energy(MeterScope.Module, joules: 3000, edgeErrorJoules: 10).Scopes[0];

        BaselineReading both = BaselineMeasurement.Evaluate("idle", new WindowEnergy([boards, modules], []), new Settled(40), 10);
        BaselineReading boardsAlone = BaselineMeasurement.Evaluate("idle", new WindowEnergy([boards], []), new Settled(40), 10);

        Assert.Equal(300, both.Watts);
        Assert.Equal(BaselineReading.NotMeasured("idle not measured: GPU 0: it is gone"), boardsAlone);
    }

    [Fact]
    public void Combine_KeepsBothNotesAndErrors()
    {
        Baselines both = BaselineMeasurement.Combine(
            new BaselineReading(78, 0.5, "idle over 10 s"), BaselineReading.NotMeasured("loaded-idle not measured: x"));

        Assert.Equal((78, null, 0.5, null), (both.IdleWatts, both.LoadedIdleWatts, both.IdleErrorWatts, both.LoadedIdleErrorWatts));
        Assert.Equal("idle over 10 s; loaded-idle not measured: x", both.Note);
    }

    private static WindowEnergy Energy(MeterScope scope, double? joules, double? edgeErrorJoules)
    {
        EnergyReading reading = new()
        {
            Meter = "gpu0.energy",
            Scope = scope,
            Device = "GPU 0",
            Method = "counter",
            StartSeconds = 0,
            EndSeconds = 10,
            Joules = joules,
            EdgeErrorJoules = edgeErrorJoules,
            NotMeasured = joules is null ? "it is gone" : null,
        };
        return new WindowEnergy([new ScopeEnergy(scope, [reading])], []);
    }

    private static MeterCatalog Discover(params FakeGpu[] gpus) =>
        FakeMachine.Discover(FakeMachine.With(new FakeNvml(TimeProvider.System, gpus)));
}
