using GreenServe.Metering.Discovery;
using GreenServe.Metering.IdlePower;
using GreenServe.Records.Measurements;
using GreenServe.Tests.Metering.Fakes;

namespace GreenServe.Tests.Metering.IdlePower;

public class BaselineMeasurementTests
{
    private static readonly BaselineOptions Quick = new() { MeasureSeconds = 0.6, SettlingSeconds = 0.1, LongestWaitSeconds = 0.1 };

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
            new FakeGpu { JoulesAt = time => 120 * time, EnergyCallSeconds = 0 }, new FakeGpu { Uuid = "GPU-2", JoulesAt = time => 100 * time, EnergyCallSeconds = 0 });

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
    public void Combine_KeepsBothNotesAndErrors()
    {
        Baselines both = BaselineMeasurement.Combine(new BaselineReading(78, 0.5, "idle over 10 s"), new BaselineReading(null, null, "loaded-idle not measured: x"));

        Assert.Equal((78, null, 0.5, null), (both.IdleWatts, both.LoadedIdleWatts, both.IdleErrorWatts, both.LoadedIdleErrorWatts));
        Assert.Equal("idle over 10 s; loaded-idle not measured: x", both.Note);
    }

    private static MeterCatalog Discover(params FakeGpu[] gpus) => FakeMachine.Discover(FakeMachine.With(new FakeNvml(TimeProvider.System, gpus)));
}
