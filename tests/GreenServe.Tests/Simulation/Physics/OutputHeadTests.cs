using GreenServe.Simulation.Physics;

namespace GreenServe.Tests.Simulation.Physics;

public sealed class OutputHeadTests
{
    private static readonly ModelWeights Llama = ModelWeights.Of(TestSystems.Llama2For70B);

    [Fact]
    public void Bytes_CountsTheWeightsOnce_WhenAnyRowIsSampled()
    {
        // 32000 x 8192 weights: 524 MB in 16 bits.
        Assert.Equal(0, OutputHead.Bytes(Llama, 0, 1));
        Assert.Equal(524.288e6, OutputHead.Bytes(Llama, 1, 1));
        Assert.Equal(OutputHead.Bytes(Llama, 1, 1), OutputHead.Bytes(Llama, 64, 1));
        Assert.Equal(64 * 524.288e6, OutputHead.Flops(Llama, 64, 1));
    }
}
