using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace GreenServe.Workloads.Randomness;

/// <summary>A named and seeded sequence of random numbers, which is the same on every machine.</summary>
/// <remarks>
/// Generator: xoshiro256** (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021). Its 256-bit state is the
/// SHA-256 of the name (UTF-8) and the seed (8 bytes, little-endian). Each dimension of a workload has a sequence of its own name,
/// so that drawing more numbers of one dimension never changes another.
/// </remarks>
internal sealed class RandomSequence
{
    private ulong state0;
    private ulong state1;
    private ulong state2;
    private ulong state3;
    private double? spareNormal;

    internal RandomSequence(string name, ulong seed)
    {
        byte[] text = new byte[Encoding.UTF8.GetByteCount(name) + sizeof(ulong)];
        int length = Encoding.UTF8.GetBytes(name, text);
        BinaryPrimitives.WriteUInt64LittleEndian(text.AsSpan(length), seed);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text, hash);
        state0 = BinaryPrimitives.ReadUInt64LittleEndian(hash);
        state1 = BinaryPrimitives.ReadUInt64LittleEndian(hash[8..]);
        state2 = BinaryPrimitives.ReadUInt64LittleEndian(hash[16..]);
        state3 = BinaryPrimitives.ReadUInt64LittleEndian(hash[24..]);
    }

    /// <summary>Creates the generator at a given state, for tests with known numbers.</summary>
    internal RandomSequence(ulong state0, ulong state1, ulong state2, ulong state3) =>
        (this.state0, this.state1, this.state2, this.state3) = (state0, state1, state2, state3);

    /// <summary>Draws 64 random bits.</summary>
    internal ulong NextBits()
    {
        ulong result = BitOperations.RotateLeft(state1 * 5, 7) * 9;
        ulong shifted = state1 << 17;
        state2 ^= state0;
        state3 ^= state1;
        state1 ^= state2;
        state0 ^= state3;
        state2 ^= shifted;
        state3 = BitOperations.RotateLeft(state3, 45);
        return result;
    }

    /// <summary>Draws a uniform number in (0, 1). It is a multiple of 2^-52 plus half a step, so it is never 0 or 1.</summary>
    internal double NextUniform() => ((NextBits() >> 12) + 0.5) * (1.0 / (1UL << 52));

    /// <summary>Draws a uniform whole number in [0, <paramref name="count"/>).</summary>
    internal int NextIndex(int count) => (int)Math.BigMul(NextBits(), (ulong)count, out _);

    /// <summary>Draws an exponential number of mean 1.</summary>
    internal double NextExponential() => -PortableMath.Log(NextUniform());

    /// <summary>Draws a standard normal number by Marsaglia's polar method.</summary>
    internal double NextNormal()
    {
        if (spareNormal is { } spare)
        {
            spareNormal = null;
            return spare;
        }

        while (true)
        {
            double x = (2 * NextUniform()) - 1;
            double y = (2 * NextUniform()) - 1;
            double square = (x * x) + (y * y);
            if (square is > 0 and < 1)
            {
                double factor = Math.Sqrt(-2 * PortableMath.Log(square) / square);
                spareNormal = y * factor;
                return x * factor;
            }
        }
    }

    /// <summary>Draws a gamma number of the given shape and scale 1.</summary>
    /// <remarks>
    /// Source: Marsaglia and Tsang, "A simple method for generating gamma variables", 2000. For a shape below 1, a number of shape
    /// + 1 is multiplied by u^(1/shape). For very small shapes the result is often 0, which is right: most gaps of such a process
    /// vanish.
    /// </remarks>
    internal double NextGamma(double shape)
    {
        double boost = 1;
        if (shape < 1)
        {
            boost = PortableMath.Exp(PortableMath.Log(NextUniform()) / shape);
            shape++;
        }

        double d = shape - (1.0 / 3);
        double c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double x = NextNormal();
            double root = 1 + (c * x);
            if (root <= 0)
            {
                continue;
            }

            double cube = root * root * root;
            if (PortableMath.Log(NextUniform()) < (0.5 * x * x) + (d * (1 - cube + PortableMath.Log(cube))))
            {
                return d * cube * boost;
            }
        }
    }
}
