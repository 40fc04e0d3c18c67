using GreenServe.Serving.Buffers;

namespace GreenServe.Tests.Serving.Buffers;

public sealed class RecentDurationsTests
{
    [Fact]
    public void PercentileSeconds_IsNull_WhenNothingIsRecent()
    {
        RecentDurations durations = new(windowSeconds: 10);
        Assert.Null(durations.PercentileSeconds(50));
        durations.Begin(0);
        durations.Add(0.1);
        durations.Forget(10);
        Assert.NotNull(durations.PercentileSeconds(50));

        durations.Forget(10.1);

        Assert.Null(durations.PercentileSeconds(50));
    }

    [Fact]
    public void PercentileSeconds_CountsADurationAsOftenAsItStandsFor()
    {
        RecentDurations durations = new(windowSeconds: 10);
        durations.Begin(0, weight: 1);
        durations.Add(0.001);
        durations.Begin(1, weight: 3);
        durations.Add(0.002);

        // One of 1 ms and three of 2 ms: a quarter of them is at most 1 ms.
        Assert.Equal(0.001, durations.PercentileSeconds(25)!.Value, 0.001 * 0.004);
        Assert.Equal(0.002, durations.PercentileSeconds(26)!.Value, 0.002 * 0.004);
        Assert.Equal(0.002, durations.PercentileSeconds(100)!.Value, 0.002 * 0.004);
    }

    [Theory]
    [InlineData(-1.0, 0.0)]
    [InlineData(0.0, 0.0)]
    [InlineData(3600.0, 3600.0)]
    public void PercentileSeconds_HoldsItsError_AtTheEndsOfTheRange(double added, double expected)
    {
        RecentDurations durations = new(windowSeconds: 10);
        durations.Begin(0);
        durations.Add(added);

        Assert.Equal(expected, durations.PercentileSeconds(50)!.Value, 1e-9 + (expected * 0.004));
    }
}
