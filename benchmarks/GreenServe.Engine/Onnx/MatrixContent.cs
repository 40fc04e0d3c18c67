using System.Runtime.InteropServices;
using GreenServe.Engine.Models;
using GreenServe.Engine.Weights;

namespace GreenServe.Engine.Onnx;

/// <summary>Writes weights into the side file in the layout that each operator needs.</summary>
internal static class MatrixContent
{
    // 16 MiB of float32.
    private const int ElementsAtOnce = 1 << 22;

    /// <summary>Writes a tensor without change, in the layout (rows, columns).</summary>
    internal static Action<Stream> AsIs(DecoderTensor tensor, IWeightSource weights) => stream =>
    {
        float[] buffer = new float[Math.Min(tensor.Elements, ElementsAtOnce)];
        for (long first = 0; first < tensor.Elements; first += buffer.Length)
        {
            Span<float> part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, tensor.Elements - first));
            weights.Read(tensor, first, part);
            stream.Write(MemoryMarshal.AsBytes(part));
        }
    };

    /// <summary>Stacks tensors and transposes them to (columns, rows), which is the layout of the right side of <c>MatMul</c>.</summary>
    internal static OnnxTensor Transposed(string name, IReadOnlyList<DecoderTensor> stacked, IWeightSource weights)
    {
        int rows = stacked.Sum(tensor => tensor.Rows);
        int columns = stacked[0].Columns;
        return new OnnxTensor(name, OnnxElement.Float32, [columns, rows], stream =>
        {
            float[] target = new float[(long)rows * columns];
            int firstRow = 0;
            foreach (DecoderTensor tensor in stacked)
            {
                TransposeInto(target, rows, firstRow, tensor, weights);
                firstRow += tensor.Rows;
            }

            // A span holds at most 2 GiB, so the target is written row by row.
            for (int column = 0; column < columns; column++)
            {
                stream.Write(MemoryMarshal.AsBytes(target.AsSpan(column * rows, rows)));
            }
        });
    }

    /// <summary>
    /// Stacks tensors and turns them into integers: packed values (rows, blocks, bytes a block) and scales (rows, blocks).
    /// </summary>
    internal static (OnnxTensor Packed, OnnxTensor Scales) Quantized(
        string name, IReadOnlyList<DecoderTensor> stacked, IWeightSource weights, int bits)
    {
        int rows = stacked.Sum(tensor => tensor.Rows);
        int columns = stacked[0].Columns;
        int blocks = BlockQuantization.Blocks(columns);
        int bytesPerBlock = BlockQuantization.BlockSize * bits / 8;

        // One pass over the weights gives both. The scales are written right after the values, so no more than one matrix is kept.
        float[]? pending = null;
        OnnxTensor packed = new(name + ":packed", OnnxElement.UInt8, [rows, blocks, bytesPerBlock], stream =>
        {
            (byte[] values, pending) = Quantize(stacked, weights, bits);
            stream.Write(values);
        });
        OnnxTensor scales = new(name + ":scales", OnnxElement.Float32, [rows, blocks], stream =>
        {
            stream.Write(MemoryMarshal.AsBytes<float>(pending ?? Quantize(stacked, weights, bits).Scales));
            pending = null;
        });
        return (packed, scales);
    }

    private static void TransposeInto(float[] target, int stride, int firstRow, DecoderTensor tensor, IWeightSource weights)
    {
        // With 16 rows of float32 at once, each write fills a cache line of 64 bytes.
        const int RowsAtOnce = 16;
        int columns = tensor.Columns;
        int bands = (tensor.Rows + RowsAtOnce - 1) / RowsAtOnce;
        Parallel.For(0, bands, () => new float[RowsAtOnce * columns], (band, _, buffer) =>
        {
            int row = band * RowsAtOnce;
            int count = Math.Min(RowsAtOnce, tensor.Rows - row);
            weights.Read(tensor, (long)row * columns, buffer.AsSpan(0, count * columns));
            for (int column = 0; column < columns; column++)
            {
                Span<float> to = target.AsSpan((column * stride) + firstRow + row, count);
                for (int index = 0; index < count; index++)
                {
                    to[index] = buffer[(index * columns) + column];
                }
            }

            return buffer;
        }, _ => { });
    }

    private static (byte[] Packed, float[] Scales) Quantize(IReadOnlyList<DecoderTensor> stacked, IWeightSource weights, int bits)
    {
        int rows = stacked.Sum(tensor => tensor.Rows);
        int columns = stacked[0].Columns;
        int rowBytes = BlockQuantization.RowBytes(columns, bits);
        int blocks = BlockQuantization.Blocks(columns);
        byte[] packed = new byte[(long)rows * rowBytes];
        float[] scales = new float[(long)rows * blocks];
        int firstRow = 0;
        foreach (DecoderTensor tensor in stacked)
        {
            int offset = firstRow;
            Parallel.For(0, tensor.Rows, () => new float[columns], (row, _, buffer) =>
            {
                weights.Read(tensor, (long)row * columns, buffer);
                int target = offset + row;
                BlockQuantization.Quantize(
                    buffer, bits, packed.AsSpan(target * rowBytes, rowBytes), scales.AsSpan(target * blocks, blocks));
                return buffer;
            }, _ => { });
            firstRow += tensor.Rows;
        }

        return (packed, scales);
    }
}
