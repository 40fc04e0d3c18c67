using CsCheck;
using GreenServe.Simulation.Arithmetic;

namespace GreenServe.Tests.Simulation.Arithmetic;

public sealed class PortablePowerTests
{
    [Fact]
    public void Of_IsTheClosedForm_WhenTheExponentIsAFewHalves()
    {
        // 16^2.75 = 2^11, 0.25^1.5 = 2^-3.
        Assert.Equal(2048, PortablePower.Of(16, 2.75));
        Assert.Equal(0.125, PortablePower.Of(0.25, 1.5));
        Assert.Equal(1024, PortablePower.Of(2, 10));
        Assert.Equal(1, PortablePower.Of(7, 0));
        Assert.Equal(0, PortablePower.Of(0, 1.86));
    }

    [Fact]
    public void Of_AgreesWithTheCLibrary() =>
        Gen.Select(Gen.Double[1e-6, 1e6], Gen.Double[0, 4]).Sample((value, exponent) =>
            Assert.Equal(1, PortablePower.Of(value, exponent) / Math.Pow(value, exponent), 1e-10));
}
