using GreenServe.Simulation.Physics;

namespace GreenServe.Tests.Simulation.Physics;

public sealed class SoftMaximumTests
{
    [Fact]
    public void Of_IsTheCubeRootOfTheSumOfCubes()
    {
        Assert.Equal(0, SoftMaximum.Of(0, 0));
        Assert.Equal(5, SoftMaximum.Of(5, 0), 1e-15);
        for (double ratio = 0; ratio <= 1; ratio += 0.01)
        {
            double expected = 7 * Math.Cbrt(1 + (ratio * ratio * ratio));
            Assert.Equal(expected, SoftMaximum.Of(7, 7 * ratio), 2e-15 * expected);
            Assert.Equal(SoftMaximum.Of(7, 7 * ratio), SoftMaximum.Of(7 * ratio, 7));
        }
    }
}
