using CsCheck;
using GreenServe.Metering.Remote;

namespace GreenServe.Tests.Metering.Remote;

public class ClockOffsetTests
{
    [Fact]
    public void Estimate_BoundsTheTrueOffset_HoweverUnevenTheWays()
    {
        Gen<(double There, double Back)[]> anyWays = Gen.Select(Gen.Double[1e-5, 0.1], Gen.Double[1e-5, 0.1]).Array[1, 20];
        Gen.Select(Gen.Double[-1e5, 1e5], anyWays).Sample((trueSeconds, ways) =>
        {
            ClockExchange[] exchanges =
                [.. ways.Select((way, index) => new ClockExchange(index, index + way.There + trueSeconds, index + way.There + way.Back))];

            ClockOffset offset = ClockOffset.Estimate(exchanges);

            Assert.True(Math.Abs(offset.Seconds - trueSeconds) <= offset.ErrorSeconds + 1e-9, $"{offset}, true offset {trueSeconds}");
            Assert.Equal(ways.Min(way => way.There + way.Back) / 2, offset.ErrorSeconds, 9);
        });
    }

    [Fact]
    public void Estimate_Refuses_WithoutASoundExchange()
    {
        Assert.Throws<ArgumentException>(() => ClockOffset.Estimate([]));
        Assert.Throws<ArgumentException>(() => ClockOffset.Estimate([new ClockExchange(2, 5, 1)]));
    }
}
