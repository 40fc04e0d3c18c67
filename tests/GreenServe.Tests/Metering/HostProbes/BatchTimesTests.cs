using GreenServe.Metering.HostProbes;
using Microsoft.Extensions.Time.Testing;

namespace GreenServe.Tests.Metering.HostProbes;

public sealed class BatchTimesTests
{
    [Fact]
    public void Of_GivesMedianAndMiddleHalf_WhateverTheOrder()
    {
        BatchTimes times = BatchTimes.Of([5, 1, 4, 2, 3]);

        // The median is 3. The quartiles are 2 and 4, so that the middle half spans 2 of 3.
        Assert.Equal(3, times.MedianSeconds);
        Assert.Equal(2.0 / 3, times.SpreadRatio, 12);
    }

    [Fact]
    public void Of_IsNotMovedByOneSlowBatch() => Assert.Equal(BatchTimes.Of([1, 2, 3, 4, 5]), BatchTimes.Of([1, 2, 3, 4, 5000]));

    [Fact]
    public void Of_HasNoSpread_WhenThereIsOneBatch() => Assert.Equal(new BatchTimes(7, 0), BatchTimes.Of([7]));

    [Fact]
    public void Measure_TimesEachBatchAlone()
    {
        FakeTimeProvider clock = new();
        int batch = 0;

        BatchTimes times = BatchTimes.Measure(3, clock, () => clock.Advance(TimeSpan.FromSeconds(++batch)));

        // Batches of 1, 2 and 3 s: quartiles 1.5 and 2.5 around 2.
        Assert.Equal((2.0, 0.5), (times.MedianSeconds, times.SpreadRatio));
    }
}
