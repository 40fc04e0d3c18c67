using CsCheck;
using GreenServe.Records.Runs;

namespace GreenServe.Tests.Records.Runs;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void BinOf_IsMonotonicAndNarrow_ForEveryDuration() =>
        Gen.Long[0, 3_600_000_000_000].Sample(nanoseconds =>
        {
            int bin = LatencyHistogram.BinOf(nanoseconds);
            double lower = LatencyHistogram.LowerSeconds(bin) * 1e9;
            double upper = LatencyHistogram.LowerSeconds(bin + 1) * 1e9;

            Assert.InRange(nanoseconds, lower - 1e-3, upper - 1 + 1e-3);
            Assert.True(upper - lower <= Math.Max(1 + 1e-3, lower / 127), $"bin {bin} is {upper - lower} ns wide at {lower} ns");
        });

    [Fact]
    public void PercentileSeconds_IsWithinHalfABin_OfTheExactValue()
    {
        LatencyHistogram histogram = new();
        for (int milliseconds = 1; milliseconds <= 100; milliseconds++)
        {
            histogram.Add(milliseconds / 1e3);
        }

        // 100 values 1..100 ms: the smallest value with at least 99 % at or below it is 99 ms.
        Assert.Equal(0.099, histogram.PercentileSeconds(99)!.Value, 0.099 / 256);
        Assert.Equal(0.050, histogram.PercentileSeconds(50)!.Value, 0.050 / 256);
        Assert.Equal(0.100, histogram.PercentileSeconds(100)!.Value, 0.100 / 256);
        Assert.Equal(5.050, histogram.SumSeconds, 1e-12);
    }

    [Fact]
    public void DeviationSeconds_IsThatOfTheDurations_WhateverTheirBins() =>
        Gen.Double[1e-6, 10].Array[1, 50].Sample(durations =>
        {
            LatencyHistogram histogram = new();
            foreach (double duration in durations)
            {
                histogram.Add(duration);
            }

            double mean = durations.Average();
            double deviation = Math.Sqrt(durations.Average(duration => (duration - mean) * (duration - mean)));

            Assert.Equal(deviation, histogram.DeviationSeconds!.Value, 1e-6 * mean);
        });

    [Fact]
    public void Add_KeepsSumsAndExtremes_OfAnotherHistogram()
    {
        LatencyHistogram first = new();
        first.Add(0.02005, times: 3);
        LatencyHistogram second = new();
        second.Add(0.02, times: 2);
        second.Add(0.5);

        first.Add(second);

        // 3 x 20.05 + 2 x 20 + 500 ms. Durations of one bin stand for their mean: 20.03 ms.
        Assert.Equal((6L, 0.5), (first.Count, first.MaxSeconds));
        Assert.Equal(0.60015, first.SumSeconds, 1e-12);
        Assert.Equal(0.02003, first.PercentileSeconds(50)!.Value, 1e-12);
    }

    [Fact]
    public void PercentileSeconds_IsExact_WhenAllDurationsAreEqual()
    {
        LatencyHistogram histogram = new();
        histogram.Add(0.1, times: 98);

        Assert.Equal(0.1, histogram.PercentileSeconds(99));
        Assert.Equal(0, histogram.DeviationSeconds!.Value, 1e-9);
    }

    [Fact]
    public void PercentileSeconds_IsNull_WhenThereIsNoValue() => Assert.Null(new LatencyHistogram().PercentileSeconds(50));
}
