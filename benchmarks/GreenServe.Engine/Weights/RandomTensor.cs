using System.Numerics;
using System.Runtime.InteropServices;
using GreenServe.Engine.Models;

namespace GreenServe.Engine.Weights;

/// <summary>
/// Generates the random values of one tensor. The generator is counter-based: any element can be computed alone, on any device, with
/// integer and float32 operations that round in the same way everywhere.
/// </summary>
/// <remarks>
/// Element i is <c>Offset + Scale * u(i)</c>. The number u(i) is uniform in [-1, 1) in steps of 2^-23. It comes from two rounds of multiply
/// and xor-shift on the 32-bit counter, keyed by the seed and the name of the tensor. The element is rounded to the nearest bf16 number,
/// ties to even, so that float32 and bf16 runners hold exactly the same weights.
/// </remarks>
/// <param name="Key">The number that is added to the counter.</param>
/// <param name="Twist">The number that is added between the two rounds.</param>
/// <param name="Scale">Half the width of the interval in which the values lie.</param>
/// <param name="Offset">The middle of the interval: 1 for the gain of a normalisation, else 0.</param>
public readonly record struct RandomTensor(uint Key, uint Twist, float Scale, float Offset)
{
    /// <summary>The multiplier of the counter. It is odd, so that different counters never give the same product.</summary>
    public const uint CounterMultiplier = 0x9E3779B1;

    /// <summary>The multiplier of the first round.</summary>
    public const uint FirstMultiplier = 0x7FEB352D;

    /// <summary>The multiplier of the second round.</summary>
    public const uint SecondMultiplier = 0x846CA68B;

    // Trained gains lie near 1. A small deviation keeps the operands of a product from being constant.
    private const double NormDeviation = 0.05;
    private const float UnitStep = 1f / (1 << 23);
    private const uint RoundingBias = 0x7FFF;
    private const uint Bfloat16Mask = 0xFFFF0000;

    /// <summary>Creates the generator of a tensor.</summary>
    /// <param name="tensor">The tensor. Its name decides the key and its role decides the scale.</param>
    /// <param name="seed">The seed of the model. Any number will do.</param>
    /// <param name="layers">
    /// The number of layers of the model. Matrices that write to the residual stream are scaled down by sqrt(2 layers).
    /// </param>
    public static RandomTensor For(DecoderTensor tensor, ulong seed, int layers)
    {
        ulong key = seed ^ 0x6A09E667F3BCC908UL;
        foreach (char letter in tensor.Name)
        {
            key = Mix(key ^ letter);
        }

        // Uniform in [-a, a) has deviation a / sqrt(3). One over sqrt(inputs) keeps every activation near 1, as trained weights do.
        double deviation = tensor.Role switch
        {
            TensorRole.Norm => NormDeviation,
            TensorRole.Residual => 1 / Math.Sqrt(2.0 * layers * tensor.Columns),
            _ => 1 / Math.Sqrt(tensor.Columns),
        };
        return new RandomTensor(
            (uint)key, (uint)(key >> 32), (float)(deviation * Math.Sqrt(3)), tensor.Role == TensorRole.Norm ? 1f : 0f);
    }

    /// <summary>Computes the element at an index.</summary>
    /// <param name="index">The index of the element in row-major order.</param>
    public float this[uint index]
    {
        get
        {
            uint x = (index * CounterMultiplier) + Key;
            x = (x ^ (x >> 16)) * FirstMultiplier;
            x += Twist;
            x = (x ^ (x >> 15)) * SecondMultiplier;
            x ^= x >> 16;
            uint bits = BitConverter.SingleToUInt32Bits(Offset + (Scale * (((x >> 8) * UnitStep) - 1f)));
            return BitConverter.UInt32BitsToSingle((bits + RoundingBias + ((bits >> 16) & 1)) & Bfloat16Mask);
        }
    }

    /// <summary>Computes consecutive elements.</summary>
    /// <param name="firstIndex">The index of the first element in row-major order.</param>
    /// <param name="destination">Receives the elements and is filled completely.</param>
    public void Fill(uint firstIndex, Span<float> destination)
    {
        Span<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(destination);
        Vector<uint> counter = ((Vector<uint>.Indices + new Vector<uint>(firstIndex)) * CounterMultiplier) + new Vector<uint>(Key);
        Vector<uint> stride = new(unchecked((uint)Vector<uint>.Count * CounterMultiplier));
        Vector<uint> twist = new(Twist);
        Vector<float> offset = new(Offset);
        foreach (ref Vector<float> values in vectors)
        {
            Vector<uint> x = (counter ^ (counter >>> 16)) * FirstMultiplier;
            x += twist;
            x = (x ^ (x >>> 15)) * SecondMultiplier;
            x ^= x >>> 16;
            Vector<float> unit = (Vector.ConvertToSingle((x >>> 8).As<uint, int>()) * UnitStep) - Vector<float>.One;
            Vector<uint> bits = (offset + (unit * Scale)).As<float, uint>();
            bits = (bits + new Vector<uint>(RoundingBias) + ((bits >>> 16) & Vector<uint>.One)) & new Vector<uint>(Bfloat16Mask);
            values = bits.As<uint, float>();
            counter += stride;
        }

        for (int index = vectors.Length * Vector<float>.Count; index < destination.Length; index++)
        {
            destination[index] = this[firstIndex + (uint)index];
        }
    }

    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15UL;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }
}
