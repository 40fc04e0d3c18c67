using GreenServe.Simulation.Clusters;

namespace GreenServe.Tests.Simulation.Clusters;

public sealed class UnusedStretchTests
{
    [Fact]
    public void Sum_AddsThePowerOfStretchesThatOverlap()
    {
        IReadOnlyList<UnusedStretch> sums = UnusedStretch.Sum(
            [new UnusedStretch(0, 30, 100), new UnusedStretch(10, 40, 20), new UnusedStretch(40, 50, 20)], endSeconds: 60);

        Assert.Equal(
            [
                new UnusedStretch(0, 10, 100), new UnusedStretch(10, 30, 120), new UnusedStretch(30, 40, 20), new UnusedStretch(40, 50, 20),
                new UnusedStretch(50, 60, 0),
            ],
            sums);
    }

    [Fact]
    public void Sum_CoversTheRunWithoutPower_WhenAllAcceleratorsAreUsed() =>
        Assert.Equal([new UnusedStretch(0, 60, 0)], UnusedStretch.Sum([], endSeconds: 60));
}
