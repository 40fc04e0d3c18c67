using GreenServe.Metering.Rapl;

namespace GreenServe.Tests.Metering.Rapl;

public class RaplCounterTests
{
    [Fact]
    public void JoulesBetween_AddsTheRange_WhenTheCounterWrappedOnce()
    {
        RaplCounter counter = new(rangeMicrojoules: 262_143_000_000);

        double joules = counter.JoulesBetween(earlierMicrojoules: 262_000_000_000, laterMicrojoules: 100_000_000);

        // 143 J up to the range, then 100 J from zero.
        Assert.Equal(243.0, joules, tolerance: 1e-9);
    }

    [Fact]
    public void JoulesBetween_RefusesReadingsBeyondTheRange()
    {
        RaplCounter counter = new(rangeMicrojoules: 1000);

        Assert.Throws<ArgumentOutOfRangeException>(() => counter.JoulesBetween(1001, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => counter.JoulesBetween(5, 1001));
    }
}
