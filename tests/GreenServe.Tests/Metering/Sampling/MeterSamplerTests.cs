using GreenServe.Metering;
using GreenServe.Metering.Discovery;
using GreenServe.Metering.Nvml;
using GreenServe.Metering.Rapl;
using GreenServe.Metering.Sampling;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Tests.Metering.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace GreenServe.Tests.Metering.Sampling;

public class MeterSamplerTests
{
    private const double Budget = 0.01;

    [Fact]
    public void Step_KeepsTheCounterWithinItsBudget_WhenCallsTakeMilliseconds()
    {
        FakeGpu gpu = new();
        FakeTimeProvider time = new();
        (MeterSampler sampler, _) = Record(gpu, "gpu0.energy", seconds: 120, time);

        CallCost.Totals cost = sampler.Cost.Snapshot();

        // The first second finds the refresh period; after that the budget holds.
        Assert.InRange(cost.TotalSeconds, 0.1, (120 * Budget) + 0.8);
        Assert.InRange(cost.LongestSeconds, 0.0029, 0.0031);
        Assert.InRange(cost.Calls, 100, 1000);
        Assert.InRange(sampler.RefreshSeconds!.Value, 0.09, 0.11);
    }

    [Fact]
    public void Step_KeepsEightCountersWithinOneBudget()
    {
        (MeterSampler sampler, _) = Record(new FakeGpu(), "gpu0.energy", seconds: 600, new FakeTimeProvider(), budget: Budget / 8);

        // One of eight counters may spend its share of the budget. Beyond it come a second of dense reading at 60 % of the time, which
        // finds the refresh period, and a long hunt that has not been paid for yet.
        Assert.InRange(sampler.Cost.Snapshot().TotalSeconds, 0.1, (600 * Budget / 8) + 0.9);
    }

    [Fact]
    public void Step_TimesRefreshesToACall_SoThatAlignedWindowsAreExact()
    {
        FakeGpu gpu = new() { JoulesAt = time => (400 * time) + (150 * Math.Sin(time)) };
        (MeterSampler sampler, List<PowerSample> samples) = Record(gpu, "gpu0.energy", seconds: 90, new FakeTimeProvider());
        MeterDescription meter = sampler.Describe().Single();
        MeterSeries series = MeterSeries.ByMeter(samples)["gpu0.energy"];

        MeasurementWindow window = EnergyWindow.AlignToRefreshes(new MeasurementWindow(20, 80, "test"), meter, series);
        EnergyReading reading = EnergyWindow.Measure(meter, series, window.StartSeconds, window.EndSeconds);

        double expected = gpu.JoulesAt(window.EndSeconds) - gpu.JoulesAt(window.StartSeconds);
        Assert.InRange(reading.EdgeErrorJoules!.Value, 0.1, 2 * 550 * 0.007);
        Assert.Equal(expected, reading.Joules!.Value, tolerance: reading.EdgeErrorJoules.Value);
    }

    [Fact]
    public void Step_ReadsDensely_AroundAWatchedEdge()
    {
        (_, List<PowerSample> samples) = Record(new FakeGpu(), "gpu0.energy", seconds: 40, new FakeTimeProvider(), edges: [20.0, 33.3]);
        MeterSeries series = MeterSeries.ByMeter(samples)["gpu0.energy"];

        MeterDescription meter = new()
        {
            Name = "gpu0.energy",
            Scope = MeterScope.Gpu,
            Method = "test",
            IsCounter = true,
            RefreshSeconds = 0.1,
        };
        EnergyReading reading = EnergyWindow.Measure(meter, series, 20, 33.3);

        // Half a refresh and a call at each edge, with no alignment.
        Assert.Equal(684 * 13.3, reading.Joules!.Value, tolerance: reading.EdgeErrorJoules!.Value);
        Assert.InRange(reading.EdgeErrorJoules.Value, 0, 2 * 684 * (0.055 + 0.006));
    }

    [Theory]
    [InlineData(2.50)]
    [InlineData(2.57)]
    public void Step_GivesAShortRunSharpEdgesWithinItsBudget_WhenTheRefreshPeriodIsKnown(double start)
    {
        FakeTimeProvider time = new();
        (MeterSampler sampler, List<PowerSample> samples) = Record(
            new FakeGpu(), "gpu0.energy", seconds: 15, time, edges: [2.55, 2.7, 13.4, 13.55], lastSearch: new RefreshSearch(0.1));
        MeterDescription meter = sampler.Describe().Single();
        MeterSeries series = MeterSeries.ByMeter(samples)["gpu0.energy"];

        MeasurementWindow window = EnergyWindow.AlignToRefreshes(new MeasurementWindow(start, start + 11, "test"), meter, series, 0.5);
        EnergyReading reading = EnergyWindow.Measure(meter, series, window.StartSeconds, window.EndSeconds);

        // Two catches cost a call of 3 ms and a pause of 2 ms each. The known period is told although this run alone could not find it.
        Assert.InRange(window.LengthSeconds, 10.5, 11);
        Assert.InRange(reading.EdgeErrorJoules!.Value, 0, 2 * 684 * 0.006);
        Assert.InRange(meter.RefreshSeconds!.Value, 0.09, 0.11);
        Assert.InRange(sampler.Cost.Snapshot().TotalSeconds, 0.01, 15 * 0.02);
    }

    [Fact]
    public void Describe_SaysNotMeasured_WhenACounterStandsStillAtZero()
    {
        (MeterSampler sampler, _) = Steps(_ => 0, count: 30);

        Assert.Contains("stands still at 0 J", sampler.Describe().Single().NotMeasured, StringComparison.Ordinal);
    }

    [Fact]
    public void Step_ReadsACheapMeterTwicePerRefresh()
    {
        FakeGpu gpu = new() { JoulesAt = time => (300 * time) + (50 * Math.Sin(3 * time)) };
        (MeterSampler sampler, List<PowerSample> samples) = Record(gpu, "gpu0.power", seconds: 30, new FakeTimeProvider());

        CallCost.Totals cost = sampler.Cost.Snapshot();

        // The first half second is dense; then 20 reads a second.
        Assert.InRange(cost.Calls, 600, 1200);
        Assert.InRange(cost.TotalSeconds, 0, 30 * 0.001);
        Assert.All(sampler.Describe(), meter => Assert.InRange(meter.RefreshSeconds!.Value, 0.08, 0.12));
        Assert.InRange(samples.Count(sample => sample.Meter == "gpu0.power"), 290, 700);
    }

    [Fact]
    public void Step_ReadsAZoneOftenEnough_HoweverExpensiveTheBudgetSaysItIs()
    {
        FakeTimeProvider time = new();
        RunClock clock = RunClock.Start(time);
        FakeSource source = new(batch =>
        {
            time.Advance(TimeSpan.FromSeconds(0.5));
            batch.Add(0, batch.NowSeconds);
        })
        {
            Need = new SamplingNeed { LongestIntervalSeconds = 8 },
        };
        MeterSampler sampler = new(source, clock, Budget);

        for (double next = 0; clock.Seconds < 200;)
        {
            time.Advance(TimeSpan.FromSeconds(Math.Max(0, next - clock.Seconds)));
            double before = clock.Seconds;
            next = sampler.ReadAndPlanNextSeconds();
            Assert.InRange(next - before, 0, 8 + 0.5 + 1e-9);
        }
    }

    [Fact]
    public void Describe_TellsTheFault_WhenACounterJumpsBack()
    {
        (MeterSampler sampler, _) = Steps(time => time < 5 ? 100 * time : 100 * (time - 5), count: 100);

        MeterFault fault = Assert.Single(sampler.Describe().Single().Faults);
        Assert.Equal("jumped-back", fault.Code);
        Assert.True(fault.BreaksCounter);
        Assert.InRange(fault.AtSeconds, 5, 5.2);
    }

    [Fact]
    public void Describe_TellsTheFaultOnceAndKeepsNoNumber_WhenReadingsAreNotNumbers()
    {
        (MeterSampler sampler, List<PowerSample> samples) = Steps(time => time is > 3 and < 6 ? double.NaN : 100 * time, count: 100);

        MeterFault fault = Assert.Single(sampler.Describe().Single().Faults);
        Assert.Equal("not-a-number", fault.Code);
        Assert.All(samples, sample => Assert.True(double.IsFinite(sample.CumulativeJoules!.Value)));
        Assert.True(sampler.FailedReadings > 5);
        Assert.DoesNotContain(samples, sample => sample.Seconds is > 3.05 and < 5.9);
    }

    [Fact]
    public void Describe_SaysNotMeasuredAndWhy_WhenAMeterNeverGaveANumber()
    {
        FakeTimeProvider time = new();
        MeterSampler sampler = new(
            new FakeSource(batch => batch.Fail(0, new ReadingFailure("no-permission", "run as root"))), RunClock.Start(time), Budget);

        double next = 0;
        for (int index = 0; index < 50; index++)
        {
            next = sampler.ReadAndPlanNextSeconds();
        }

        MeterDescription meter = sampler.Describe().Single();
        Assert.Equal("run as root", meter.NotMeasured);
        Assert.Single(meter.Faults);
        Assert.Equal(50, sampler.FailedReadings);
        Assert.InRange(next, 1, 1.2);
    }

    [Fact]
    public void Window_IsNotMeasured_WhenTheGpuIsLostInMidRun()
    {
        FakeGpu gpu = new() { EnergyReturn = time => time > 20 ? NvmlReturn.GpuIsLost : NvmlReturn.Success };
        (MeterSampler sampler, List<PowerSample> samples) = Record(gpu, "gpu0.energy", seconds: 40, new FakeTimeProvider());
        MeterDescription meter = sampler.Describe().Single();
        MeterSeries series = MeterSeries.ByMeter(samples)["gpu0.energy"];

        Assert.Contains("gpu-lost", EnergyWindow.Measure(meter, series, 5, 35).NotMeasured, StringComparison.Ordinal);
        Assert.NotNull(EnergyWindow.Measure(meter, series, 5, 18).Joules);
        Assert.Single(meter.Faults);
    }

    [Fact]
    public void Window_IsNotMeasured_WhenACounterWrapsTwiceUnseen()
    {
        FakeTimeProvider time = new();
        RunClock clock = RunClock.Start(time);
        RaplAccumulator accumulator = new(65_532_610_987);
        FakeSource source = new(batch => accumulator.Take((ulong)(300e6 * batch.NowSeconds) % 65_532_610_987, batch.NowSeconds, 0, batch));
        MeterSampler sampler = new(source, clock, Budget);
        for (int index = 0; index < 400; index++)
        {
            // Something stops the process for ten minutes once.
            time.Advance(TimeSpan.FromSeconds(index == 200 ? 600 : 0.1));
            sampler.ReadAndPlanNextSeconds();
        }

        sampler.Finish();
        List<PowerSample> samples = [];
        sampler.Power.DrainTo(samples);
        MeterDescription meter = sampler.Describe().Single();

        EnergyReading across = EnergyWindow.Measure(meter, MeterSeries.ByMeter(samples)["fake"], 5, 630);
        EnergyReading before = EnergyWindow.Measure(meter, MeterSeries.ByMeter(samples)["fake"], 5, 18);

        Assert.Contains("wraps-unseen", across.NotMeasured, StringComparison.Ordinal);
        Assert.Equal(3900, before.Joules!.Value, tolerance: before.EdgeErrorJoules!.Value);
    }

    [Fact]
    public void Power_CountsWhatItDrops_WhenNobodyWrites()
    {
        (MeterSampler sampler, _) = Steps(time => time, count: 20_000, everySeconds: 0.01, drain: false);

        List<PowerSample> kept = [];
        sampler.Power.DrainTo(kept);

        Assert.Equal(16_384, kept.Count);
        Assert.Equal(20_000 - 16_384, sampler.Power.Dropped);
    }

    private static (MeterSampler Sampler, List<PowerSample> Samples) Record(
        FakeGpu gpu,
        string source,
        double seconds,
        FakeTimeProvider time,
        double[]? edges = null,
        RefreshSearch? lastSearch = null,
        double budget = Budget)
    {
        FakeNvml nvml = new(time, gpu);
        MeterCatalog catalog = FakeMachine.Discover(FakeMachine.With(nvml, clock: time));
        RunClock clock = RunClock.Start(time);
        nvml.BeginNow();
        MeterSampler sampler = new(catalog.Sources.Single(item => item.Name == source), clock, budget, lastSearch);
        foreach (double edge in edges ?? [])
        {
            sampler.Watch(edge);
        }

        List<PowerSample> samples = [];
        for (double next = 0; clock.Seconds < seconds;)
        {
            time.Advance(TimeSpan.FromSeconds(Math.Max(0, next - clock.Seconds)));
            next = sampler.ReadAndPlanNextSeconds();
            sampler.Power.DrainTo(samples);
        }

        sampler.Finish();
        sampler.Power.DrainTo(samples);
        return (sampler, samples);
    }

    private static (MeterSampler Sampler, List<PowerSample> Samples) Steps(
        Func<double, double> joulesAt, int count, double everySeconds = 0.1, bool drain = true)
    {
        FakeTimeProvider time = new();
        RunClock clock = RunClock.Start(time);
        MeterSampler sampler = new(new FakeSource(batch => batch.Add(0, joulesAt(batch.NowSeconds))), clock, Budget);
        List<PowerSample> samples = [];
        for (int index = 0; index < count; index++)
        {
            sampler.ReadAndPlanNextSeconds();
            time.Advance(TimeSpan.FromSeconds(everySeconds));
            if (drain)
            {
                sampler.Power.DrainTo(samples);
            }
        }

        return (sampler, samples);
    }
}
