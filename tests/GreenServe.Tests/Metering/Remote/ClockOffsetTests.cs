using CsCheck;
using GreenServe.Metering.Remote;

namespace GreenServe.Tests.Metering.Remote;

public class ClockOffsetTests
{
    [Fact]
    public void Estimate_BoundsTheTruth_HoweverUnevenTheWays()
    {
        Gen.Select(Gen.Double[-1e5, 1e5], Gen.Select(Gen.Double[1e-5, 0.1], Gen.Double[1e-5, 0.1]).Array[1, 20]).Sample((truth, ways) =>
        {
            (double, double, double)[] exchanges = [.. ways.Select((way, index) => ((double)index, index + way.Item1 + truth, index + way.Item1 + way.Item2))];

            ClockOffset offset = ClockOffset.Estimate(exchanges);

            Assert.True(Math.Abs(offset.Seconds - truth) <= offset.ErrorSeconds + 1e-9, $"{offset}, truth {truth}");
            Assert.Equal(ways.Min(way => way.Item1 + way.Item2) / 2, offset.ErrorSeconds, 9);
        });
    }

    [Fact]
    public void Estimate_Refuses_WithoutASoundExchange()
    {
        Assert.Throws<ArgumentException>(() => ClockOffset.Estimate([]));
        Assert.Throws<ArgumentException>(() => ClockOffset.Estimate([(2, 5, 1)]));
    }
}
