using GreenServe.Records.Quantities;

namespace GreenServe.Tests.Records.Quantities;

public sealed class QuantityTests
{
    [Fact]
    public void Energy_ConvertsTheUnitsOfItsMeters()
    {
        Assert.Equal(1.5, Energy.FromMillijoules(1500).Joules);
        Assert.Equal(1.5, Energy.FromMicrojoules(1_500_000).Joules);
        Assert.Equal(2, Energy.FromJoules(7200).WattHours);
    }

    [Fact]
    public void Power_AndEnergy_AreEachOthersInverseOverTime()
    {
        Assert.Equal(700, Energy.FromJoules(1400).Over(2).Watts);
        Assert.Equal(1400, Power.FromMilliwatts(700_000).For(2).Joules);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void FromBaseUnit_Refuses_WhatIsNotFinite(double value)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Energy.FromJoules(value));
        Assert.Throws<ArgumentOutOfRangeException>(() => Power.FromWatts(value));
    }
}
