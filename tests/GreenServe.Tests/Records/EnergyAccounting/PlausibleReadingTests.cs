using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;

namespace GreenServe.Tests.Records.EnergyAccounting;

public class PlausibleReadingTests
{
    [Theory]
    [InlineData(MeterScope.Gpu, 0, true)]
    [InlineData(MeterScope.Gpu, 9_999, true)]
    [InlineData(MeterScope.Gpu, 10_001, false)]
    [InlineData(MeterScope.Gpu, 4_294_967.295, false)]   // 2^32 - 1 mW
    [InlineData(MeterScope.Gpu, 2_147_483_632, false)]   // the blank of DCGM for 32 bits
    [InlineData(MeterScope.Gpu, 3.68e12, false)]
    [InlineData(MeterScope.Gpu, -0.001, false)]
    [InlineData(MeterScope.Gpu, double.NaN, false)]
    [InlineData(MeterScope.Gpu, double.PositiveInfinity, false)]
    [InlineData(MeterScope.Node, 40_000, true)]
    [InlineData(MeterScope.Node, 150e6, false)]          // 150 W in microwatts
    [InlineData(MeterScope.Node, 150e3, false)]          // 150 W in milliwatts
    [InlineData(MeterScope.CpuPackage, 65e3, false)]     // 65 W in milliwatts
    public void IsNumber_ComparesWatts_WithTheCeilingOfTheScope(MeterScope scope, double watts, bool expected)
    {
        MeterDescription meter = new() { Name = "m", Scope = scope, Method = "test" };

        Assert.Equal(expected, PlausibleReading.IsNumber(meter, watts));
        Assert.Equal(expected, PlausibleReading.Refusal(meter, watts) is null);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1e15, true)]
    [InlineData(-1, false)]
    [InlineData(double.NaN, false)]
    public void IsNumber_TakesAnyCountOfJoules_BecauseACounterBeginsAnywhere(double joules, bool expected)
    {
        MeterDescription meter = new() { Name = "m", Scope = MeterScope.Gpu, Method = "test", IsCounter = true };

        Assert.Equal(expected, PlausibleReading.IsNumber(meter, joules));
    }

    [Fact]
    public void CeilingWatts_IsThatOfTheDevice_WhenItStatesOne()
    {
        MeterDescription meter = new() { Name = "m", Scope = MeterScope.Gpu, Method = "test", CeilingWatts = 2100 };

        Assert.True(PlausibleReading.IsNumber(meter, 2100));
        Assert.Equal("2101 W is over 2100 W, the most that the device can draw", PlausibleReading.Refusal(meter, 2101));
        Assert.Equal(10_000, PlausibleReading.CeilingWatts(meter with { CeilingWatts = double.NaN }));
    }

    [Fact]
    public void CeilingWatts_DoesNotBindAModel_ButItsNumberIsNeverNegative()
    {
        MeterDescription model = new() { Name = "m", Scope = MeterScope.Gpu, Method = "power model", IsEstimated = true };

        // One simulated meter covers all accelerators of a cluster.
        Assert.True(PlausibleReading.IsNumber(model, 500_000));
        Assert.False(PlausibleReading.IsNumber(model, -1));
    }

    [Fact]
    public void Refusal_NamesValueUnitAndCeiling()
    {
        MeterDescription meter = new() { Name = "m", Scope = MeterScope.Node, Method = "test" };

        Assert.Equal(
            "150000000 W is over 100000 W, the most that one device of scope node is taken to draw",
            PlausibleReading.Refusal(meter, 150e6));
        Assert.Equal("-3 W is negative", PlausibleReading.Refusal(meter, -3));
    }
}
