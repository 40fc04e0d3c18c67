using GreenServe.Records.EnergyAccounting;
using GreenServe.Tests.Metering.EnergyAccounting;

namespace GreenServe.Tests.Records.EnergyAccounting;

public sealed class EnergyCourseTests
{
    private const double Watts = 400;

    [Theory]
    [InlineData(0.03)]
    [InlineData(0.081)]
    public void Joules_HasNoSpikesBesideSharpCatches_WhenTheCounterIsHunted(double phase)
    {
        // A stale read, then a refresh caught to 5 ms, every 2.1 s: the stale one's refresh lies anywhere in the 0.1 s before it.
        double[] times =
        [
            .. Enumerable.Range(0, 8).SelectMany(
                hunt => new[] { -0.012, -0.003, 0.002 }.Select(offset => 0.2 + phase + (hunt * 2.1) + offset)),
        ];
        MeterSeries series = MeterSeries.ByMeter(SyntheticMeter.ReadCounter(time => Watts * time, times, phase))["gpu0.energy"];

        EnergyCourse course = EnergyCourse.Of(SyntheticMeter.Counter(), series);

        for (double start = 3; start < 14; start += 0.05)
        {
            Assert.Equal(Watts, course.Joules(start, start + 0.05) / 0.05, tolerance: 0.01 * Watts);
        }
    }

    [Fact]
    public void Joules_UsesEveryRefresh_WhereNoneIsSharp()
    {
        // Read every 50 ms against a refresh of 100 ms: every bracket is half a period.
        MeterSeries series = MeterSeries.ByMeter(
            SyntheticMeter.ReadCounter(time => Watts * time, SyntheticMeter.Every(0.05, 0, 20), 0.03))["gpu0.energy"];

        Assert.Equal(Watts * 1.0, EnergyCourse.Of(SyntheticMeter.Counter(), series).Joules(5, 6), tolerance: Watts * 0.1);
    }
}
