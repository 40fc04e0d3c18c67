namespace GreenServe.Serving.Prompts;

/// <summary>A reproducible sequence of random numbers.</summary>
/// <remarks>Source: SplitMix64, Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.</remarks>
internal sealed class WordSequence
{
    /// <summary>The increment of SplitMix64: 2^64 divided by the golden ratio.</summary>
    private const ulong Increment = 0x9E3779B97F4A7C15UL;
    private ulong state;

    /// <summary>Creates the sequence of a seed, a domain and a number.</summary>
    /// <param name="seed">Seed of the workload.</param>
    /// <param name="domain">What the sequence is for; other domains have other sequences.</param>
    /// <param name="number">Number of the sequence in its domain.</param>
    internal WordSequence(ulong seed, ulong domain, ulong number) =>
        state = Mix(Mix(Mix(seed) ^ domain) + (number * Increment));

    /// <summary>The next number in [0, <paramref name="end"/>).</summary>
    internal int Next(int end)
    {
        state += Increment;
        return (int)Math.BigMul(Mix(state), (ulong)end, out _);
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }
}
