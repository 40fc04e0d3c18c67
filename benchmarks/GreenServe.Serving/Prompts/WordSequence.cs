namespace GreenServe.Serving.Prompts;

/// <summary>A reproducible sequence of numbers (SplitMix64: Steele, Lea, Flood, OOPSLA 2014).</summary>
internal sealed class WordSequence
{
    private ulong state;

    internal WordSequence(ulong seed, ulong domain, ulong number) =>
        state = Mix(Mix(Mix(seed) ^ domain) + (number * 0x9E3779B97F4A7C15UL));

    /// <summary>The next number in [0, <paramref name="end"/>).</summary>
    internal int Next(int end)
    {
        state += 0x9E3779B97F4A7C15UL;
        return (int)Math.BigMul(Mix(state), (ulong)end, out _);
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }
}
