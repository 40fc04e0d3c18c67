using GreenServe.Simulation.Physics;

namespace GreenServe.Tests.Simulation.Physics;

public sealed class LinearLayersTests
{
    private static readonly ModelWeights Llama = ModelWeights.Of(TestSystems.Llama2For70B);

    [Fact]
    public void Seconds_IsTheTimeToReadTheWeights_ForOneToken()
    {
        // 68.45e9 weights x 2 bytes / 8 GPUs = 17.11 GB; at 87 % of 3.35 TB/s that is 5.87 ms. Two FLOP a weight take 0.021 ms.
        double bytes = LinearLayers.Bytes(Llama, 1, 2, 8);
        double flops = LinearLayers.Flops(Llama, 1, 8);
        Assert.Equal(17.11e9, bytes, 0.01e9);
        Assert.Equal(17.11e9, flops, 0.01e9);
        Assert.Equal(5.87e-3, LinearLayers.Seconds(flops, bytes, 0.81 * 989e12, 0.87 * 3.35e12), 0.01e-3);
    }

    [Fact]
    public void Seconds_IsTheTimeToCompute_ForAPrompt()
    {
        // 2 x 68.45e9 x 4096 / 8 = 70.1 TFLOP; at 81 % of 989 TFLOP/s that is 87.5 ms, and the weights' 5.87 ms hardly show.
        double flops = LinearLayers.Flops(Llama, 4096, 8);
        double bytes = LinearLayers.Bytes(Llama, 4096, 2, 8);
        double seconds = LinearLayers.Seconds(flops, bytes, 0.81 * 989e12, 0.87 * 3.35e12);
        Assert.Equal(87.5e-3, seconds, 0.1e-3);
    }
}
