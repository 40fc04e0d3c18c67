using CsCheck;
using GreenServe.Metering;
using GreenServe.Metering.Rapl;

namespace GreenServe.Tests.Metering.Rapl;

public class RaplAccumulatorTests
{
    [Fact]
    public void Take_CountsEveryJoule_HoweverOftenTheCounterWraps()
    {
        const ulong Range = 65_532_610_987;
        Gen.Select(Gen.Double[20, 3000], Gen.Double[0.05, 7], Gen.Int[20, 400]).Sample(
            (watts, interval, count) =>
            {
                RaplAccumulator accumulator = new(Range);
                ReadingBatch batch = new(() => 0);
                for (int index = 0; index <= count; index++)
                {
                    batch.Clear();
                    double used = watts * interval * index * 1e6;
                    accumulator.Take((ulong)(used % Range), interval * index, 0, batch);
                }

                // One wrap loses one counter unit at most; here the fractions of a microjoule.
                ReadingBatch.MeterReading reading = Assert.Single(batch.Readings);
                Assert.Null(reading.Failure);
                Assert.Equal(watts * interval * count, reading.Value!.Value, tolerance: 1e-3);
            },
            iter: 200);
    }

    [Fact]
    public void Take_BreaksTheCounter_WhenItCouldHaveWrappedTwiceUnseen()
    {
        RaplAccumulator accumulator = new(65_532_610_987);
        ReadingBatch batch = new(() => 0);

        accumulator.Take(1_000_000, 0, 0, batch);
        accumulator.Take(2_000_000, 60, 0, batch);

        ReadingFailure failure = Assert.Single(batch.Readings, reading => reading.Failure is not null).Failure!;
        Assert.Equal("wraps-unseen", failure.Code);
        Assert.True(failure.BreaksCounter);
    }

    [Fact]
    public void Take_BreaksTheCounter_WhenItWasResetAndDidNotWrap()
    {
        RaplAccumulator accumulator = new(262_143_328_850);
        ReadingBatch batch = new(() => 0);

        accumulator.Take(1_000_000_000, 0, 0, batch);
        accumulator.Take(0, 1, 0, batch);
        accumulator.Take(50_000_000, 2, 0, batch);

        Assert.Equal("jumped-back", Assert.Single(batch.Readings, reading => reading.Failure is not null).Failure!.Code);
        Assert.Equal(50, batch.Readings[^1].Value!.Value, 6);
    }

    [Fact]
    public void Take_FailsWithoutANumber_WhenTheCounterIsBeyondItsRange()
    {
        ReadingBatch batch = new(() => 0);

        new RaplAccumulator(1000).Take(2000, 0, 0, batch);

        Assert.Equal("out-of-range", Assert.Single(batch.Readings).Failure!.Code);
    }

    [Fact]
    public void LongestIntervalSeconds_IsHalfTheTimeOfAWrap_AtThePowerNoZoneExceeds() =>
        Assert.Equal(65_532.610987 / 4000 / 2, new RaplAccumulator(65_532_610_987).LongestIntervalSeconds, 6);
}
