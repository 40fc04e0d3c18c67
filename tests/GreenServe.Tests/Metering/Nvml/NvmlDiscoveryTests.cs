using GreenServe.Metering;
using GreenServe.Metering.Discovery;
using GreenServe.Metering.Nvml;
using GreenServe.Records;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Tests.Metering.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace GreenServe.Tests.Metering.Nvml;

/// <summary>What discovery finds of NVIDIA GPUs of many kinds, and what their sources then read.</summary>
public class NvmlDiscoveryTests
{
    [Fact]
    public void Discover_FindsEveryMeter_WhenAGpuOffersThem()
    {
        using MeterCatalog catalog = Discover(new FakeGpu());

        MeterDescription[] read = [.. catalog.Sources.SelectMany(source => source.Meters)];
        Assert.Equal(["gpu0.energy", "gpu0.power", "gpu0.power_instant", "gpu0.memory_power"], read.Select(meter => meter.Name));
        MeterDescription missing = Assert.Single(catalog.NotMeasured, meter => meter.Name == "gpu0.module_power");
        Assert.Equal(NvmlMessages.Of(NvmlReturn.NotSupported), missing.NotMeasured);
        Assert.Equal([MeterScope.Gpu, MeterScope.Gpu, MeterScope.Gpu, MeterScope.GpuMemory], read.Select(meter => meter.Scope));
    }

    [Fact]
    public void Discover_PutsTheCeilingAtThreePowerLimits_WhenTheDriverStatesOne()
    {
        // The range goes up to 700 W although a cap of 300 W is in force. 2^32 - 1 mW is no limit.
        using MeterCatalog stated = Discover(new FakeGpu { PowerLimitMilliwatts = 300_000 });
        using MeterCatalog absurd = Discover(new FakeGpu { PowerRange = (0, uint.MaxValue) });

        Assert.All(stated.Sources.SelectMany(source => source.Meters), meter => Assert.Equal(3 * 700.0, meter.CeilingWatts));
        Assert.All(absurd.Sources.SelectMany(source => source.Meters), meter => Assert.Null(meter.CeilingWatts));
    }

    [Theory]
    [InlineData((int)NvmlReturn.LibraryNotFound, "libnvidia-ml")]
    [InlineData((int)NvmlReturn.DriverNotLoaded, "not loaded")]
    [InlineData((int)NvmlReturn.LibraryVersionMismatch, "different versions")]
    [InlineData((int)NvmlReturn.NoPermission, "permission")]
    public void Discover_SaysWhy_WhenNvmlDoesNotStart(int answer, string words)
    {
        FakeNvml nvml = new(TimeProvider.System) { InitializeReturn = (NvmlReturn)answer };

        using MeterCatalog catalog = FakeMachine.Discover(FakeMachine.With(nvml));

        Assert.Empty(catalog.Sources);
        MeterDescription missing = Assert.Single(catalog.NotMeasured, meter => meter.Scope == MeterScope.Gpu);
        Assert.Contains(words, missing.NotMeasured, StringComparison.Ordinal);
    }

    [Fact]
    public void Discover_NamesTheLostGpuAndKeepsTheOther_WhenOneDoesNotAnswer()
    {
        using MeterCatalog catalog = Discover(new FakeGpu { HandleReturn = NvmlReturn.GpuIsLost }, new FakeGpu { Uuid = "GPU-2" });

        Assert.Equal("gpu1", Assert.Single(catalog.Gpus).Name);
        MeterDescription lost = Assert.Single(catalog.NotMeasured, meter => meter.Name == "gpu0.energy");
        Assert.Contains("fallen off the bus", lost.NotMeasured, StringComparison.Ordinal);
    }

    [Fact]
    public void Discover_ReportsTheCounterAsNotMeasured_WhenAVirtualGpuHasNone()
    {
        using MeterCatalog catalog = Discover(new FakeGpu { EnergyReturn = _ => NvmlReturn.NotSupported });

        MeterDescription counter = Assert.Single(catalog.NotMeasured, meter => meter.Name == "gpu0.energy");
        Assert.Contains("virtual GPUs", counter.NotMeasured, StringComparison.Ordinal);
        Assert.Contains(catalog.Sources.SelectMany(source => source.Meters), meter => meter.Name == "gpu0.power");
    }

    [Theory]
    [InlineData("NVIDIA A100-SXM4-80GB", 7u, null)]
    [InlineData("NVIDIA A40", 7u, 1.0)]
    [InlineData("Tesla V100-SXM2-16GB", 5u, null)]
    [InlineData("NVIDIA H100 80GB HBM3", 9u, 1.0)]
    public void Discover_KnowsWhetherPowerUsageIsAnAverage_WhenThePowerFieldsAreMissing(
        string model, uint architecture, double? averagingSeconds)
    {
        FakeGpu gpu = new() { Name = model, Architecture = architecture };
        gpu.FieldReturns.Clear();

        using MeterCatalog catalog = Discover(gpu);

        MeterDescription power = Assert.Single(catalog.Sources.SelectMany(source => source.Meters), meter => meter.Name == "gpu0.power");
        Assert.Equal(averagingSeconds, power.AveragingSeconds);
    }

    [Fact]
    public void Discover_TakesTheCounterForTheModule_WhenTheBoardHasOne()
    {
        FakeGpu gpu = new() { Name = "NVIDIA GH200 480GB" };
        gpu.FieldReturns[(NvmlField.PowerAverage, NvmlField.ScopeModule)] = NvmlReturn.Success;

        using MeterCatalog catalog = Discover(gpu);

        Assert.Equal(MeterScope.Module, Assert.Single(catalog.Meters, meter => meter.Name == "gpu0.energy").Scope);
        Assert.Equal(MeterScope.Module, Assert.Single(catalog.Meters, meter => meter.Name == "gpu0.module_power").Scope);
    }

    [Fact]
    public void Discover_SaysThatAllInstancesAreCovered_WhenTheGpuIsDivided()
    {
        using MeterCatalog catalog = Discover(new FakeGpu { Instances = ["MIG-1", "MIG-2"] });

        Assert.All(
            catalog.Sources.SelectMany(source => source.Meters),
            meter => Assert.Contains("all its instances together", meter.Note, StringComparison.Ordinal));
        Assert.Contains("divided (MIG)", catalog.Gpus[0].DescribeEnvironment(), StringComparison.Ordinal);
    }

    [Fact]
    public void DescribeEnvironment_NamesModelDriverClockAndCap()
    {
        using MeterCatalog catalog = Discover(new FakeGpu());

        Assert.Equal(
            "NVIDIA H200 (GPU 0), GPU-11111111-2222-3333-4444-555555555555, driver 580.159.04, "
                + "SM clock at most 1980 MHz, power limit 700 W of 200-700 W, not divided",
            catalog.Gpus[0].DescribeEnvironment());
    }

    [Theory]
    [InlineData("all", null, "gpu0 gpu1 gpu2")]
    [InlineData("none", null, "")]
    [InlineData("2,0", null, "gpu2 gpu0")]
    [InlineData("GPU-bbb", null, "gpu1")]
    [InlineData("gpu-ccc,0", null, "gpu2 gpu0")]
    [InlineData("cuda", null, "gpu0 gpu1 gpu2")]
    [InlineData("cuda", "", "")]
    [InlineData("cuda", "2,1", "gpu2 gpu1")]
    [InlineData("cuda", "1,-1,0", "gpu1")]
    [InlineData("cuda", "GPU-ccc,GPU-aaa", "gpu2 gpu0")]
    [InlineData("cuda", "MIG-c1,MIG-c2", "gpu2")]
    public void Choose_TakesGpusInTheOrderAsked(string wanted, string? visible, string expected)
    {
        Dictionary<string, string> environment = visible is null ? [] : new() { ["CUDA_VISIBLE_DEVICES"] = visible };

        using MeterCatalog catalog = FakeMachine.Discover(
            FakeMachine.With(ThreeGpus(), environment: environment), new MeterOptions { Gpus = wanted });

        Assert.Equal(expected, string.Join(' ', catalog.Gpus.Select(gpu => gpu.Name)));
    }

    [Theory]
    [InlineData("3")]
    [InlineData("0,0")]
    [InlineData("GPU-")]
    [InlineData("GPU-xyz")]
    [InlineData("-1")]
    [InlineData("0,,1")]
    public void Choose_RefusesGpusThatAreNotThere(string wanted)
    {
        InvalidInputException exception = Assert.Throws<InvalidInputException>(
            () => FakeMachine.Discover(FakeMachine.With(ThreeGpus()), new MeterOptions { Gpus = wanted }));

        Assert.Single(exception.Problems);
    }

    [Fact]
    public void Choose_NamesEveryWrongGpu_AtOnce()
    {
        InvalidInputException exception = Assert.Throws<InvalidInputException>(
            () => FakeMachine.Discover(FakeMachine.With(ThreeGpus()), new MeterOptions { Gpus = "7,8" }));

        Assert.Equal(2, exception.Problems.Count);
    }

    [Fact]
    public void Read_GivesTheReasonOfEachField_WhenOneFails()
    {
        FakeGpu gpu = new();
        using MeterCatalog catalog = Discover(gpu);
        gpu.FieldReturns[(NvmlField.PowerInstant, NvmlField.ScopeGpu)] = NvmlReturn.GpuIsLost;
        ReadingBatch batch = new(() => 0);

        catalog.Sources.Single(source => source.Name == "gpu0.power").Read(batch);

        Assert.Equal([684, null, 171], batch.Readings.Select(reading => reading.Value));
        Assert.Equal("gpu-lost", batch.Readings[1].Failure!.Code);
    }

    [Fact]
    public void Read_LeavesOutWhatTheGpuDoesNotOffer_WhenStateIsRead()
    {
        using MeterCatalog catalog = Discover(new FakeGpu());
        ReadingBatch batch = new(() => 0);

        catalog.Sources.Single(source => source.Name == "gpu0.state").Read(batch);

        Assert.Equal(5, batch.States.Single(state => state.Quantity == "held_back_by_power_seconds").Value);
        Assert.Equal(0.5, batch.States.Single(state => state.Quantity == "utilization_ratio").Value);
        Assert.Equal(700, batch.States.Single(state => state.Quantity == "power_limit_watts").Value);
        Assert.DoesNotContain(batch.States, state => state.Quantity is "held_back_by_reliability_seconds" or "memory_temperature_celsius");
    }

    [Fact]
    public void Read_TimesTheDriversSamples_OnTheRunsClock()
    {
        FakeTimeProvider clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        FakeGpu gpu = new() { JoulesAt = time => time < 4.5 ? 100 * time : 450 + (600 * (time - 4.5)) };
        using MeterCatalog catalog = FakeMachine.Discover(
            FakeMachine.With(new FakeNvml(clock, gpu), clock: clock), new MeterOptions { WithPowerSamples = true });
        RunClock run = RunClock.Start(clock);
        ReadingBatch batch = new(() => run.Seconds);
        IMeterSource source = catalog.Sources.Single(item => item.Name == "gpu0.power_samples");

        clock.Advance(TimeSpan.FromSeconds(5));
        source.Read(batch);
        int first = batch.Readings.Count;
        batch.Clear();
        clock.Advance(TimeSpan.FromSeconds(0.1));
        source.Read(batch);

        // 2.36 s kept in steps of 20 ms, then only what is new.
        Assert.InRange(first, 117, 119);
        Assert.Equal(5, batch.Readings.Count);
        Assert.All(batch.Readings, reading => Assert.InRange(reading.AtSeconds!.Value, 5.0, 5.1 + 1e-6));
        Assert.Equal(600, batch.Readings[^1].Value!.Value, 3);
    }

    [Fact]
    public void Dispose_ShutsNvmlDown()
    {
        FakeNvml nvml = new(TimeProvider.System, new FakeGpu());

        FakeMachine.Discover(FakeMachine.With(nvml)).Dispose();

        Assert.True(nvml.IsDisposed);
    }

    private static MeterCatalog Discover(params FakeGpu[] gpus) =>
        FakeMachine.Discover(FakeMachine.With(new FakeNvml(TimeProvider.System, gpus)));

    private static FakeNvml ThreeGpus() => new(
        TimeProvider.System,
        new FakeGpu { Uuid = "GPU-aaaa-1" },
        new FakeGpu { Uuid = "GPU-bbbb-2" },
        new FakeGpu { Uuid = "GPU-cccc-3", Instances = ["MIG-c1", "MIG-c2"] });
}
