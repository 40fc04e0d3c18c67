using GreenServe.Metering.HostProbes;
using GreenServe.Records.Systems;

namespace GreenServe.Tests.Metering.HostProbes;

public sealed class SingleThreadProbeTests
{
    [Fact]
    public void WithRound_GivesOperationsPerSecond()
    {
        HostSpeed speed = SingleThreadProbe.WithRound(new HostSpeed(), new BatchTimes(MedianSeconds: 2e-3, SpreadRatio: 0.05));

        // 20,000 operations in 2 ms.
        Assert.Equal((10e6, 0.05), (speed.SingleThreadOperationsPerSecond, speed.SingleThreadSpreadRatio));
    }

    [Theory]
    [InlineData(2e-3, 4e-3)]
    [InlineData(4e-3, 2e-3)]
    public void WithRound_KeepsTheFastestRound(double firstSeconds, double secondSeconds)
    {
        HostSpeed first = SingleThreadProbe.WithRound(new HostSpeed(), new BatchTimes(firstSeconds, firstSeconds));

        HostSpeed speed = SingleThreadProbe.WithRound(first, new BatchTimes(secondSeconds, secondSeconds));

        Assert.Equal((10e6, 2e-3), (speed.SingleThreadOperationsPerSecond, speed.SingleThreadSpreadRatio));
    }
}
