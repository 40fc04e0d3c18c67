namespace GreenServe.Engine.Onnx;

/// <summary>
/// Turns weights into symmetric integers in blocks of 32 along the inputs, in the layout that ONNX Runtime's <c>MatMulNBits</c> reads.
/// </summary>
/// <remarks>
/// Each block has one float32 scale, which is its largest magnitude divided by 7 (4 bits) or 127 (8 bits). The zero point, 8 or 128, is
/// added to each value. Of two 4-bit values in a byte, the first is the low one. The error of a weight is at most half a scale.
/// </remarks>
internal static class BlockQuantization
{
    /// <summary>The number of weights that share a scale.</summary>
    internal const int BlockSize = 32;

    /// <summary>Returns the number of blocks in one row.</summary>
    internal static int Blocks(int columns) => (columns + BlockSize - 1) / BlockSize;

    /// <summary>Returns the size of one row's packed values in bytes.</summary>
    internal static int RowBytes(int columns, int bits) => Blocks(columns) * BlockSize * bits / 8;

    /// <summary>Quantises one row of a matrix.</summary>
    /// <param name="row">The weights of the row.</param>
    /// <param name="bits">The number of bits of a value, 4 or 8.</param>
    /// <param name="packed">Receives the packed values. Its length is <see cref="RowBytes"/>.</param>
    /// <param name="scales">Receives the scales, one a block.</param>
    internal static void Quantize(ReadOnlySpan<float> row, int bits, Span<byte> packed, Span<float> scales)
    {
        int zeroPoint = 1 << (bits - 1);
        int largest = zeroPoint - 1;
        int bytesPerBlock = BlockSize * bits / 8;
        packed.Clear();
        for (int block = 0; block < scales.Length; block++)
        {
            int first = block * BlockSize;
            ReadOnlySpan<float> weights = row[first..Math.Min(row.Length, first + BlockSize)];
            float magnitude = 0;
            foreach (float weight in weights)
            {
                magnitude = Math.Max(magnitude, Math.Abs(weight));
            }

            float scale = magnitude / largest;
            scales[block] = scale;
            float inverse = scale > 0 ? 1 / scale : 0;
            Span<byte> target = packed.Slice(block * bytesPerBlock, bytesPerBlock);
            for (int index = 0; index < BlockSize; index++)
            {
                float weight = index < weights.Length ? weights[index] : 0;
                int value = Math.Clamp((int)MathF.Round(weight * inverse), -largest, largest) + zeroPoint;
                Store(target, index, bits, value);
            }
        }
    }

    private static void Store(Span<byte> block, int index, int bits, int value)
    {
        if (bits == 8)
        {
            block[index] = (byte)value;
        }
        else
        {
            block[index / 2] |= (byte)(index % 2 == 0 ? value : value << 4);
        }
    }
}
