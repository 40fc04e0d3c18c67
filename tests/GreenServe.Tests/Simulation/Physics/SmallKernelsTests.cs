using GreenServe.Simulation.Physics;

namespace GreenServe.Tests.Simulation.Physics;

public sealed class SmallKernelsTests
{
    [Fact]
    public void Seconds_IsATimeForEachLayer_AndActivationBytes()
    {
        SmallKernels cost = SmallKernels.For(TestSystems.Llama2For70B, 57e-6, 3.35e12);

        // 80 x 57 us = 4.56 ms; each token 10 x 80 x 8192 bytes at 70 % of 3.35 TB/s = 2.795 us.
        Assert.Equal(4.56e-3, cost.Seconds(0), 1e-9);
        Assert.Equal(2.795e-6, cost.Seconds(1) - cost.Seconds(0), 0.001e-6);
    }
}
