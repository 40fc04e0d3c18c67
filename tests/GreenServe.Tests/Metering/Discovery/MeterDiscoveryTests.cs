using GreenServe.Metering;
using GreenServe.Metering.Discovery;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Tests.Fixtures;
using GreenServe.Tests.Metering.Fakes;

namespace GreenServe.Tests.Metering.Discovery;

public class MeterDiscoveryTests
{
    [Fact]
    public void Discover_MarksAModelAsEstimated_AndNeverUsesOneUnasked()
    {
        using TemporaryFolder host = new();
        host.Write("proc/stat", "cpu  100 0 100 800 0 0 0 0 0 0\n");
        MachineAccess machine = FakeMachine.With(new FakeNvml(TimeProvider.System, new FakeGpu()), host.Root);
        MeterOptions options = new() { Models = [new(MeterScope.Gpu, 700, 70), new(MeterScope.CpuPackage, 200, 50)] };

        using MeterCatalog asked = FakeMachine.Discover(machine, options);
        using MeterCatalog unasked = FakeMachine.Discover(machine);

        Assert.DoesNotContain(unasked.Meters, meter => meter.IsEstimated);
        Assert.Equal(["gpu0.estimated", "cpu.estimated"], asked.Meters.Where(meter => meter.IsEstimated).Select(meter => meter.Name));

        ReadingBatch batch = new(() => 0);
        asked.Sources.Single(source => source.Name == "gpu0.estimated").Read(batch);
        host.Write("proc/stat", "cpu  130 0 120 850 0 0 0 0 0 0\n");
        asked.Sources.Single(source => source.Name == "cpu.estimated").Read(batch);

        // 50 % busy of 70 to 700 W; then 50 of 100 ticks busy of 50 to 200 W.
        Assert.Equal([385, 125], batch.Readings.Select(reading => reading.Value!.Value));
    }

    [Fact]
    public void Discover_PutsTheModelOfTheProcessorsInThePlaceOfMeters_WhenNoneCanBeRead()
    {
        using TemporaryFolder host = new();
        host.Write("proc/stat", "cpu  100 0 100 800 0 0 0 0 0 0\n");
        MeterOptions options = new() { Models = [new(MeterScope.CpuPackage, 200, 50)] };

        using MeterCatalog catalog = FakeMachine.Discover(FakeMachine.With(root: host.Root), options);

        PowerSample[] samples = [.. Enumerable.Range(0, 21).Select(second => new PowerSample("cpu.estimated", second, 125, null))];
        ScopeEnergy packages = WindowEnergy.Measure(catalog.Meters, MeterSeries.ByMeter(samples), 5, 15).Of(MeterScope.CpuPackage)!;
        Assert.Equal(1250, packages.Joules!.Value, 6);
        Assert.True(packages.IsEstimated);
    }

    [Fact]
    public void Discover_KeepsTheModelOfTheProcessorsBesideTheirMeter_AndItCountsOnlyWhenTheMeterFails()
    {
        using TemporaryFolder host = new();
        host.Write("proc/stat", "cpu  100 0 100 800 0 0 0 0 0 0\n");
        host.Write("sys/class/powercap/intel-rapl:0/name", "package-0\n");
        host.Write("sys/class/powercap/intel-rapl:0/energy_uj", "5000000\n");
        host.Write("sys/class/powercap/intel-rapl:0/max_energy_range_uj", "65532610987\n");
        MeterOptions options = new() { Models = [new(MeterScope.CpuPackage, 200, 50)] };

        using MeterCatalog catalog = FakeMachine.Discover(FakeMachine.With(root: host.Root), options);

        // The meter counts 40 W until it stands still at 12 s, as it does in some virtual machines; the model says 125 W.
        PowerSample[] samples =
        [
            .. Enumerable.Range(0, 25).Select(second => new PowerSample("cpu.estimated", second, 125, null)),
            .. Enumerable.Range(0, 25).Select(second => new PowerSample("rapl.package-0", second, null, 40 * Math.Min(second, 12))),
        ];
        IReadOnlyDictionary<string, MeterSeries> series = MeterSeries.ByMeter(samples);
        ScopeEnergy before = WindowEnergy.Measure(catalog.Meters, series, 2, 10).Of(MeterScope.CpuPackage)!;
        ScopeEnergy after = WindowEnergy.Measure(catalog.Meters, series, 2, 22).Of(MeterScope.CpuPackage)!;
        Assert.Equal(40 * 8, before.Joules!.Value, 6);
        Assert.False(before.IsEstimated);
        Assert.Equal(125 * 20, after.Joules!.Value, 6);
        Assert.True(after.IsEstimated);
    }

    [Fact]
    public void Discover_SaysThatAModelOfGpusIsNotUsed_WhenThereIsNoGpu()
    {
        using MeterCatalog catalog = FakeMachine.Discover(
            FakeMachine.With(), new MeterOptions { Models = [new(MeterScope.Gpu, 700, 70)] });

        Assert.DoesNotContain(catalog.Meters, meter => meter.IsEstimated);
        Assert.Contains("the power model of the GPUs is not used", Assert.Single(catalog.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public void Discover_KeepsOnlyTheScopesAsked()
    {
        using MeterCatalog catalog = FakeMachine.Discover(
            FakeMachine.With(new FakeNvml(TimeProvider.System, new FakeGpu())), new MeterOptions { Scopes = [MeterScope.Dram] });

        Assert.DoesNotContain(catalog.Sources, source => source.Meters.Count > 0);
    }

    [Fact]
    public void Discover_LooksAtNothing_WhenNoMeterIsWanted()
    {
        FakeNvml nvml = new(TimeProvider.System, new FakeGpu());

        using MeterCatalog catalog = FakeMachine.Discover(FakeMachine.With(nvml), MeterOptions.None);

        Assert.Empty(catalog.Meters);
    }
}
