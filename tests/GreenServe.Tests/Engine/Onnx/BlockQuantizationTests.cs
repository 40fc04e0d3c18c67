using CsCheck;
using GreenServe.Engine.Onnx;

namespace GreenServe.Tests.Engine.Onnx;

public sealed class BlockQuantizationTests
{
    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    public void Quantize_IsOffByAtMostHalfAScale(int bits) => Gen.Single[-3, 3].Array[1, 100].Sample(row =>
    {
        float[] scales = new float[BlockQuantization.Blocks(row.Length)];
        byte[] packed = new byte[BlockQuantization.RowBytes(row.Length, bits)];

        BlockQuantization.Quantize(row, bits, packed, scales);

        for (int index = 0; index < row.Length; index++)
        {
            float scale = scales[index / BlockQuantization.BlockSize];
            Assert.InRange(Math.Abs(Value(packed, index, bits, scale) - row[index]), 0, (scale / 2) + 1e-6);
        }
    }, iter: 200);

    [Fact]
    public void Quantize_StoresTheFirstOfTwoInTheLowHalf()
    {
        float[] row = new float[32];
        (row[0], row[1]) = (7, -7);
        byte[] packed = new byte[16];
        float[] scales = new float[1];

        BlockQuantization.Quantize(row, 4, packed, scales);

        // Scale 1, zero point 8: 15 in the low half, 1 in the high one.
        Assert.Equal(1f, scales[0]);
        Assert.Equal(0x1F, packed[0]);
        Assert.Equal(0x88, packed[1]);
    }

    [Fact]
    public void Quantize_GivesZeros_ForABlockOfZeros()
    {
        byte[] packed = new byte[32];
        float[] scales = new float[1];

        BlockQuantization.Quantize(new float[32], 8, packed, scales);

        Assert.Equal(0f, scales[0]);
        Assert.All(packed, value => Assert.Equal(128, value));
    }

    private static float Value(byte[] packed, int index, int bits, float scale)
    {
        if (bits == 8)
        {
            return (packed[index] - 128) * scale;
        }

        int pair = packed[index / 2];
        return ((index % 2 == 0 ? pair & 15 : pair >> 4) - 8) * scale;
    }
}
