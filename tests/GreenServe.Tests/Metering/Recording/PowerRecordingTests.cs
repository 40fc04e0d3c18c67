using GreenServe.Metering;
using GreenServe.Metering.Discovery;
using GreenServe.Metering.Recording;
using GreenServe.Metering.Sampling;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Tests.Metering.Fakes;

namespace GreenServe.Tests.Metering.Recording;

public class PowerRecordingTests
{
    [Fact]
    public async Task Start_ReadsTheFastMeter_WhileASlowOneIsStuck()
    {
        using ManualResetEventSlim release = new(false);
        using CountdownEvent fastReads = new(20);
        FakeSource slow = new(_ => release.Wait(), name: "slow");
        FakeSource fast = new(
            batch =>
            {
                batch.Add(0, batch.NowSeconds);
                if (!fastReads.IsSet)
                {
                    fastReads.Signal();
                }
            },
            name: "fast");
        using MeterCatalog catalog = new([slow, fast], [], [], []);
        MemorySink sink = new();

        await using PowerRecording recording = PowerRecording.Start(catalog, RunClock.Start(TimeProvider.System), sink);
        bool isFastRead = await Task.Run(() => fastReads.Wait(TimeSpan.FromSeconds(30)));
        long slowReads = slow.Reads;
        release.Set();
        PowerRecordingSummary summary = await recording.StopAsync();

        Assert.True(isFastRead);
        Assert.InRange(slowReads, 0, 1);
        Assert.NotEmpty(sink.Power);
        Assert.Equal(["slow", "fast"], summary.Meters.Select(meter => meter.Name));
        Assert.Equal("it gave no reading while it was recorded", summary.Meters[0].NotMeasured);
        Assert.Null(summary.Meters[1].NotMeasured);
    }

    [Fact]
    public async Task StopAsync_TakesALastReading_AndTellsTheCost()
    {
        FakeSource source = new(batch => batch.Add(0, batch.NowSeconds)) { Need = new SamplingNeed { FixedIntervalSeconds = 3600 } };
        MeterDescription missing = new() { Name = "absent", Scope = MeterScope.Dram, Method = "x", NotMeasured = "not there" };
        using MeterCatalog catalog = new([source], [missing], [], []);
        MemorySink sink = new();

        await using PowerRecording recording = PowerRecording.Start(catalog, RunClock.Start(TimeProvider.System), sink);
        SpinWait.SpinUntil(() => source.Reads > 0, TimeSpan.FromSeconds(30));
        PowerRecordingSummary summary = await recording.StopAsync();

        Assert.Equal(2, source.Reads);
        Assert.Equal(2, sink.Power.Count);
        Assert.Equal(2, summary.Counters["metering_calls"]);
        Assert.True(summary.Counters["metering_cpu_cores"] >= 0);
        Assert.Equal(0, summary.Counters["metering_dropped_readings"]);
        Assert.Empty(summary.Reasons);
        Assert.Contains(missing, summary.Meters);
        Assert.Same(summary, await recording.StopAsync());
    }

    [Fact]
    public async Task StopAsync_SaysThatReadingsWereDropped_WhenTheBufferIsFull()
    {
        FakeSource source = new(batch =>
        {
            for (int index = 0; index < 3 * MeterSampler.BufferedReadings; index++)
            {
                batch.AddAt(0, index, index);
            }
        })
        {
            Need = new SamplingNeed { FixedIntervalSeconds = 3600 },
        };
        using MeterCatalog catalog = new([source], [], [], []);

        await using PowerRecording recording = PowerRecording.Start(catalog, RunClock.Start(TimeProvider.System), new MemorySink());
        SpinWait.SpinUntil(() => source.Reads > 0, TimeSpan.FromSeconds(30));
        PowerRecordingSummary summary = await recording.StopAsync();

        Assert.Equal("meter-readings-dropped", Assert.Single(summary.Reasons).Code);
        Assert.True(summary.Counters["metering_dropped_readings"] > 0);
    }

    [Fact]
    public async Task StopAsync_ReportsASourceThatThrows_AndEndsNormally()
    {
        FakeSource broken = new(_ => throw new InvalidOperationException("the driver went mad"));
        using MeterCatalog catalog = new([broken], [], [], []);

        await using PowerRecording recording = PowerRecording.Start(catalog, RunClock.Start(TimeProvider.System), new MemorySink());
        PowerRecordingSummary summary = await recording.StopAsync();

        Assert.Contains("the driver went mad", Assert.Single(Assert.Single(summary.Meters).Faults).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_KeepsTheRefreshPeriod_ForTheNextRecording()
    {
        FakeGpu gpu = new() { RefreshSeconds = 0.02, JitterSeconds = 0, EnergyCallSeconds = 0 };
        using MeterCatalog catalog = FakeMachine.Discover(FakeMachine.With(new FakeNvml(TimeProvider.System, gpu)));
        IMeterSource energy = catalog.Sources.Single(source => source.Name == "gpu0.energy");
        MemorySink sink = new();

        await using (PowerRecording recording = PowerRecording.Start(catalog, RunClock.Start(TimeProvider.System), sink))
        {
            SpinWait.SpinUntil(() => sink.Power.Count(sample => sample.Meter == "gpu0.energy") > 30, TimeSpan.FromSeconds(30));
        }

        Assert.NotNull(catalog.LastSearch(energy)!.PeriodSeconds);
    }
}
