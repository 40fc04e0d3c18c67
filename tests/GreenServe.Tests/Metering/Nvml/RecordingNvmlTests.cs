using GreenServe.Metering;
using GreenServe.Metering.Discovery;
using GreenServe.Metering.Nvml;
using GreenServe.Records.Runs;
using GreenServe.Tests.Metering.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace GreenServe.Tests.Metering.Nvml;

public class RecordingNvmlTests
{
    [Fact]
    public void Replay_AnswersAsTheRecordedGpuDid()
    {
        FakeTimeProvider time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        RunClock clock = RunClock.Start(time);
        StringWriter written = new();
        RecordingNvml recording = new(new FakeNvml(time, new FakeGpu { JoulesAt = at => 300 * at * at }), clock, written);
        List<(double Seconds, ulong Energy, double Average)> seen = [];
        MeterOptions options = new() { WithPowerSamples = true };
        using (MeterCatalog catalog = FakeMachine.Discover(FakeMachine.With(recording, clock: time), options))
        {
            ReadingBatch batch = new(() => clock.Seconds);
            for (int index = 0; index < 60; index++)
            {
                time.Advance(TimeSpan.FromSeconds(0.1));
                batch.Clear();
                catalog.Sources.ToList().ForEach(source => source.Read(batch));
                ulong energy = recording.TotalEnergyMillijoules(0).Value;
                NvmlFieldValue[] field = [new NvmlFieldValue { FieldId = NvmlField.PowerAverage }];
                recording.FieldValues(0, field);
                seen.Add((clock.Seconds, energy, field[0].Number!.Value));
            }
        }

        double now = 0;
        ReplayNvml replay = new(written.ToString().Split('\n'), () => now);
        foreach ((double seconds, ulong energy, double average) in seen)
        {
            now = seconds;
            NvmlFieldValue[] field = [new NvmlFieldValue { FieldId = NvmlField.PowerAverage }];
            replay.FieldValues(1, field);
            Assert.Equal(energy, replay.TotalEnergyMillijoules(1).Value);
            Assert.Equal(average, field[0].Number!.Value);
        }

        Assert.Equal("NVIDIA H200", replay.Name(1).Value);
        Assert.Equal(NvmlReturn.NotSupported, replay.HeldBackNanoseconds(1, NvmlPolicy.Reliability).Return);
        Assert.True(replay.PowerSamples(1, 0).Value.Count > 200);
        Assert.All(replay.Durations("energy"), duration => Assert.Equal(0.003, duration, 6));
    }

    [Fact]
    public void Setters_AreRefused_BecauseARecordingOnlyLooks()
    {
        FakeGpu gpu = new();
        using RecordingNvml recording = new(new FakeNvml(TimeProvider.System, gpu), RunClock.Start(TimeProvider.System), TextWriter.Null);

        Assert.Equal(NvmlReturn.NoPermission, recording.SetPowerLimitMilliwatts(0, 1));
        Assert.Equal(NvmlReturn.NoPermission, recording.LockClocksMegahertz(0, 1, 1));
        Assert.Equal(NvmlReturn.NoPermission, recording.UnlockClocks(0));
        Assert.Empty(gpu.Settings);
    }
}
