using GreenServe.Simulation.Physics;

namespace GreenServe.Tests.Simulation.Physics;

public sealed class PrefillAttentionTests
{
    [Fact]
    public void Pairs_CountsEachPairOnce()
    {
        Assert.Equal(8_388_608, PrefillAttention.Pairs(4096, 0));

        // A prompt in two chunks has the same pairs as in one.
        Assert.Equal(PrefillAttention.Pairs(4096, 0), PrefillAttention.Pairs(1000, 0) + PrefillAttention.Pairs(3096, 1000));

        // 4 x 64 heads x 128 x 80 layers / 8 = 327,680 FLOP a pair; at 58 % of 989 TFLOP/s the prompt takes 4.79 ms.
        double flops = PrefillAttention.FlopsPerPair(TestSystems.Llama2For70B, 8);
        Assert.Equal(327_680, flops);
        Assert.Equal(4.79e-3, PrefillAttention.Seconds(8_388_608, flops, 0.58 * 989e12), 0.01e-3);
    }
}
