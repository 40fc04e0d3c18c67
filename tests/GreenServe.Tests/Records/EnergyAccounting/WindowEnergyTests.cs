using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Tests.Metering.EnergyAccounting;

namespace GreenServe.Tests.Records.EnergyAccounting;

public class WindowEnergyTests
{
    private static readonly MeterDescription[] OneGpu = [SyntheticMeter.Counter(), SyntheticMeter.Average()];

    [Fact]
    public void Measure_TakesTheCounter_WhenBothAreThere()
    {
        WindowEnergy energy = WindowEnergy.Measure(OneGpu, Readings(counterWatts: 500, averageWatts: 505), 10, 40);

        ScopeEnergy gpu = energy.Of(MeterScope.Gpu)!;
        Assert.Equal(15_000, gpu.Joules!.Value, tolerance: gpu.EdgeErrorJoules!.Value);
        Assert.Equal("gpu0.energy", Assert.Single(gpu.Readings).Meter);
        Assert.Empty(energy.Reasons());
        Assert.Equal(0.01, Assert.Single(energy.CrossChecks).DifferenceRatio, tolerance: 0.008);
    }

    [Fact]
    public void Reasons_NameTheCrossCheck_WhenCounterAndAverageDisagree()
    {
        WindowEnergy energy = WindowEnergy.Measure(OneGpu, Readings(counterWatts: 500, averageWatts: 560), 10, 40);

        Assert.Equal("energy-cross-check", Assert.Single(energy.Reasons()).Code);
    }

    [Fact]
    public void Reasons_NameTheWindow_WhenItIsTooShortForItsError()
    {
        WindowEnergy energy = WindowEnergy.Measure(OneGpu, Readings(500, 500), 10.02, 10.57);

        Assert.Contains(energy.Reasons(), reason => reason.Code == "energy-window-too-short");
    }

    [Fact]
    public void Reasons_PassOverADevice_ThatIsSwitchedOnShortlyBeforeTheEnd()
    {
        MeterDescription[] meters =
        [
            SyntheticMeter.Counter() with { IsEstimated = true },
            SyntheticMeter.Counter("gpu1.energy", "GPU 1") with { IsEstimated = true },
        ];
        IReadOnlyDictionary<string, MeterSeries> series = MeterSeries.ByMeter(
        [
            .. SyntheticMeter.ReadCounter(time => 500 * time, SyntheticMeter.Every(0.1, 0, 50)),
            .. SyntheticMeter.ReadCounter(time => 500 * Math.Max(0, time - 39), SyntheticMeter.Every(0.1, 0, 50), name: "gpu1.energy"),
        ]);

        WindowEnergy energy = WindowEnergy.Measure(meters, series, 10, 40);

        // One second at 500 W, with an edge that is off by at least 0.1 s, beside 30 s of the other device.
        EnergyReading late = energy.Of(MeterScope.Gpu)!.Readings[1];
        Assert.InRange(late.EdgeErrorJoules!.Value / late.Joules!.Value, 0.09, 0.2);
        Assert.Empty(energy.Reasons());
    }

    [Fact]
    public void Measure_TakesTheAverageAndSaysWhy_WhenTheCounterHasNoNumber()
    {
        MeterDescription[] meters = [SyntheticMeter.Counter() with { NotMeasured = "not supported by this GPU" }, SyntheticMeter.Average()];

        WindowEnergy energy = WindowEnergy.Measure(meters, Readings(500, 500), 10, 40);

        EnergyReading reading = Assert.Single(energy.Of(MeterScope.Gpu)!.Readings);
        Assert.Equal("gpu0.power", reading.Meter);
        Assert.Contains("not supported by this GPU", reading.Method, StringComparison.Ordinal);
        Assert.Empty(energy.Failures(meters));
    }

    [Fact]
    public void Joules_AreNull_WhenOneOfTwoGpusWasNotMeasured()
    {
        MeterDescription[] meters = [SyntheticMeter.Counter(), SyntheticMeter.Counter("gpu1.energy", "GPU 1")];
        IReadOnlyDictionary<string, MeterSeries> series = MeterSeries.ByMeter(
        [
            .. SyntheticMeter.ReadCounter(time => 500 * time, SyntheticMeter.Every(0.05, 0, 50)),
            .. SyntheticMeter.ReadCounter(time => 500 * time, SyntheticMeter.Every(0.05, 0, 20), name: "gpu1.energy"),
        ]);

        WindowEnergy energy = WindowEnergy.Measure(meters, series, 10, 40);

        ScopeEnergy gpu = energy.Of(MeterScope.Gpu)!;
        Assert.Null(gpu.Joules);
        Assert.Null(gpu.Per(100));
        Assert.Contains("GPU 1", gpu.NotMeasured, StringComparison.Ordinal);
        Assert.Equal("meter-failed", Assert.Single(energy.Failures(meters)).Code);
        Assert.NotNull(WindowEnergy.Measure(meters, series, 10, 19).Of(MeterScope.Gpu)!.Joules);
    }

    [Fact]
    public void Joules_AddOverGpus_NeverTheMean()
    {
        MeterDescription[] meters = [SyntheticMeter.Counter(), SyntheticMeter.Counter("gpu1.energy", "GPU 1")];
        IReadOnlyDictionary<string, MeterSeries> series = MeterSeries.ByMeter(
        [
            .. SyntheticMeter.ReadCounter(time => 500 * time, SyntheticMeter.Every(0.05, 0, 50)),
            .. SyntheticMeter.ReadCounter(time => 300 * time, SyntheticMeter.Every(0.05, 0, 50), name: "gpu1.energy"),
        ]);

        ScopeEnergy gpu = WindowEnergy.Measure(meters, series, 10, 40).Of(MeterScope.Gpu)!;

        Assert.Equal((500 + 300) * 30, gpu.Joules!.Value, tolerance: gpu.EdgeErrorJoules!.Value);
        Assert.Equal(800, gpu.MeanWatts!.Value, tolerance: 5);
    }

    [Theory]
    [InlineData(50, 15_000, false)]
    [InlineData(20, 30 * 125, true)]
    public void Measure_LetsAModelOfTheWholeScopeStandIn_OnlyWhereAMeterHasNoNumber(double lastSecond, double joules, bool isEstimated)
    {
        MeterDescription package = SyntheticMeter.Counter("package-0", "package-0") with { Scope = MeterScope.CpuPackage };
        MeterDescription model = SyntheticMeter.Average("cpu.estimated", "processors") with
        {
            Scope = MeterScope.CpuPackage,
            IsEstimated = true,
        };
        IReadOnlyDictionary<string, MeterSeries> series = MeterSeries.ByMeter(
        [
            .. SyntheticMeter.ReadCounter(time => 500 * time, SyntheticMeter.Every(0.05, 0, lastSecond), name: "package-0"),
            .. SyntheticMeter.ReadAverage(time => 125 * time, SyntheticMeter.Every(0.05, 0, 50), name: "cpu.estimated"),
        ]);

        ScopeEnergy packages = WindowEnergy.Measure([package, model], series, 10, 40).Of(MeterScope.CpuPackage)!;

        // Never 625 W: what the model gives is a part of nothing.
        Assert.Equal(joules, packages.Joules!.Value, packages.EdgeErrorJoules!.Value + 1e-6);
        Assert.Equal(isEstimated, packages.IsEstimated);
        Assert.Equal(isEstimated, Assert.Single(packages.Readings).Method.Contains("(not package-0: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Measure_MarksTheNumber_WhenItIsAModels()
    {
        MeterDescription model = SyntheticMeter.Average() with { IsEstimated = true };

        WindowEnergy energy = WindowEnergy.Measure([model], Readings(500, 500), 10, 40);

        Assert.True(energy.Of(MeterScope.Gpu)!.IsEstimated);
        Assert.Empty(energy.CrossChecks);
    }

    [Theory]
    [InlineData(MeterScope.Gpu, MeterScope.GpuMemory, false)]
    [InlineData(MeterScope.Module, MeterScope.Gpu, false)]
    [InlineData(MeterScope.Psys, MeterScope.Dram, false)]
    [InlineData(MeterScope.Node, MeterScope.Gpu, false)]
    [InlineData(MeterScope.Gpu, MeterScope.Gpu, false)]
    [InlineData(MeterScope.Rail, MeterScope.CpuPackage, false)]
    [InlineData(MeterScope.Gpu, MeterScope.CpuPackage, true)]
    [InlineData(MeterScope.CpuPackage, MeterScope.Dram, true)]
    [InlineData(MeterScope.Module, MeterScope.Dram, true)]
    public void MayAdd_RefusesNestedScopes(MeterScope one, MeterScope other, bool expected)
    {
        Assert.Equal(expected, ScopeNesting.MayAdd(one, other));
        Assert.Equal(expected, ScopeNesting.MayAdd(other, one));
    }

    [Fact]
    public void AboveLoadedIdle_SubtractsTheBaseline_WithItsError()
    {
        ScopeEnergy gpu = WindowEnergy.Measure(OneGpu, Readings(500, 500), 10, 40).Of(MeterScope.Gpu)!;
        Baselines baselines = new(78, 120) { LoadedIdleErrorWatts = 1 };

        ErrorBounded dynamic = DynamicEnergy.AboveLoadedIdle(gpu, baselines)!.Value;

        double expected = (500 - 120) * 30;
        Assert.Equal(expected, dynamic.Value, tolerance: gpu.EdgeErrorJoules!.Value);
        Assert.Equal(gpu.EdgeErrorJoules.Value + (1 * 30) + (0.05 * dynamic.Value), dynamic.Error, 6);
        Assert.Null(DynamicEnergy.AboveLoadedIdle(gpu, new Baselines(78, null)));
        Assert.Null(DynamicEnergy.AboveLoadedIdle(gpu, null));
    }

    private static IReadOnlyDictionary<string, MeterSeries> Readings(double counterWatts, double averageWatts) => MeterSeries.ByMeter(
    [
        .. SyntheticMeter.ReadCounter(time => counterWatts * time, SyntheticMeter.Every(0.05, 0, 50)),
        .. SyntheticMeter.ReadAverage(time => averageWatts * time, SyntheticMeter.Every(0.05, 0, 50)),
    ]);
}
