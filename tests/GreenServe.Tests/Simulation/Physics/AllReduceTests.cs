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

    [Fact]
    public void For_ScalesTheLatencyAlone_WhenTheEngineFusesIt()
    {
        AllReduceRating rating = new() { Gpus = 8, LatencySeconds = 6e-6, BytesPerSecond = 500e9 };
        AllReduce plain = AllReduce.For(TestSystems.Llama2For70B, 8, rating);
        AllReduce fused = AllReduce.For(TestSystems.Llama2For70B, 8, rating, latencyRatio: 0.66);

        // 2 x 80 all-reduces of 6 us, or of 3.96 us.
        Assert.Equal(960e-6, plain.FixedSeconds, 1e-12);
        Assert.Equal(633.6e-6, fused.FixedSeconds, 1e-12);
        Assert.Equal(plain.SecondsPerToken, fused.SecondsPerToken);
    }
}
