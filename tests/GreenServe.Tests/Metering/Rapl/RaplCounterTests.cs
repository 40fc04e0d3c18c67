using GreenServe.Metering.Rapl;

namespace GreenServe.Tests.Metering.Rapl;

public class RaplCounterTests
{
    [Fact]
    public void Between_AddsTheRange_WhenTheCounterWrappedOnce()
    {
        RaplCounter counter = new(rangeMicrojoules: 262_143_000_000);

        double joules = counter.Between(earlier: 262_000_000_000, later: 100_000_000).Joules;

        // 143 J up to the range, then 100 J from zero.
        Assert.Equal(243.0, joules, tolerance: 1e-9);
    }

    [Fact]
    public void Between_RefusesReadingsBeyondTheRange()
    {
        RaplCounter counter = new(rangeMicrojoules: 1000);

        Assert.Throws<ArgumentOutOfRangeException>(() => counter.Between(1001, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => counter.Between(5, 1001));
    }
}
