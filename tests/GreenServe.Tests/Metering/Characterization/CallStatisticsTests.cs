using GreenServe.Metering.Characterization;

namespace GreenServe.Tests.Metering.Characterization;

public class CallStatisticsTests
{
    [Fact]
    public void Of_TakesTheNearestRank()
    {
        double[] durations = [.. Enumerable.Range(1, 100).Select(number => number / 1000.0)];

        CallStatistics statistics = CallStatistics.Of(durations, processorSeconds: 0.5)!;

        Assert.Equal((100, 0.05, 0.099, 0.1), (statistics.Calls, statistics.P50Seconds, statistics.P99Seconds, statistics.LongestSeconds));
        Assert.Equal(0.005, statistics.ProcessorSecondsPerCall);
    }

    [Fact]
    public void Of_IsNull_WhenThereWasNoCall() => Assert.Null(CallStatistics.Of([], 1));
}
