using GreenServe.Simulation.Hardware;
using GreenServe.Simulation.Physics;

namespace GreenServe.Tests.Simulation.Physics;

public sealed class AllReduceTests
{
    [Fact]
    public void Seconds_IsLatencyTwiceALayer_AndBytesOverTheLink()
    {
        AllReduceRating rating = new() { Gpus = 8, LatencySeconds = 5.4e-6, BytesPerSecond = 345e9 };
        AllReduce cost = AllReduce.For(TestSystems.Llama2For70B, 8, rating);

        // 160 x 5.4 us = 0.864 ms; each token 160 x (14/8) x 8192 x 2 bytes / 345 GB/s = 13.30 us.
        Assert.Equal(0.864e-3, cost.Seconds(0), 1e-9);
        Assert.Equal(13.30e-6, cost.Seconds(1) - cost.Seconds(0), 0.01e-6);
        Assert.Equal(0, AllReduce.For(TestSystems.Llama2For70B, 1, rating).Seconds(1000));
    }
}
