using GreenServe.Simulation.Physics;

namespace GreenServe.Tests.Simulation.Physics;

public sealed class DecodeAttentionTests
{
    [Fact]
    public void BytesPerContextToken_CountsKeysAndValuesOfWholeHeads()
    {
        // One of 8 key-value heads on each of 8 GPUs: 2 x 1 x 128 x 2 bytes x 80 layers = 40,960 bytes a token; on 16 GPUs no less.
        Assert.Equal(40960, DecodeAttention.BytesPerContextToken(TestSystems.Llama2For70B, 8, 2));
        Assert.Equal(40960, DecodeAttention.BytesPerContextToken(TestSystems.Llama2For70B, 16, 2));
        Assert.Equal(81920, DecodeAttention.BytesPerContextToken(TestSystems.Llama2For70B, 4, 2));

        // 100,000 tokens: 4.096 GB at 76 % of 3.35 TB/s: 1.609 ms.
        Assert.Equal(1.609e-3, DecodeAttention.Seconds(100_000, 40960, 0.76 * 3.35e12), 0.001e-3);
    }
}
