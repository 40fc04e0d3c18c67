using CsCheck;
using GreenServe.Workloads.Randomness;

namespace GreenServe.Tests.Workloads.Randomness;

public sealed class PortableMathTests
{
    [Fact]
    public void Log_AgreesWithThePlatform_ForAllMagnitudes() =>
        Gen.Double[-300, 300].Select(exponent => Math.Pow(10, exponent)).Sample(value =>
            Math.Abs(PortableMath.Log(value) - Math.Log(value)) <= 4e-16 * Math.Max(1, Math.Abs(Math.Log(value))));

    [Fact]
    public void Log_AgreesWithThePlatform_NearOne() =>
        Gen.Double[0.9, 1.1].Sample(value => Math.Abs(PortableMath.Log(value) - Math.Log(value)) <= 4e-17);

    [Fact]
    public void Exp_AgreesWithThePlatform_ForAllMagnitudes() =>
        Gen.Double[-700, 700].Sample(value => Math.Abs((PortableMath.Exp(value) / Math.Exp(value)) - 1) <= 1e-15);

    [Fact]
    public void Exp_Saturates_BeyondWhatADoubleHolds()
    {
        Assert.Equal(0, PortableMath.Exp(-1e300));
        Assert.Equal(double.PositiveInfinity, PortableMath.Exp(1e300));
        Assert.Equal(1, PortableMath.Exp(0));
    }

    [Fact]
    public void Log_Throws_WhenTheNumberIsNotPositive() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PortableMath.Log(0));

    [Fact]
    public void Power_IsTheClosedForm_WhenTheExponentIsAFewHalves()
    {
        // 16^2.75 = 2^11, 0.25^1.5 = 2^-3.
        Assert.Equal(2048, PortableMath.Power(16, 2.75), 1e-11);
        Assert.Equal(0.125, PortableMath.Power(0.25, 1.5), 1e-15);
        Assert.Equal(0, PortableMath.Power(0, 1.86));
    }
}
