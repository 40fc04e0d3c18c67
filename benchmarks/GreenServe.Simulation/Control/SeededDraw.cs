namespace GreenServe.Simulation.Control;

/// <summary>Random numbers that belong to requests: the same request and seed give the same number on every machine.</summary>
internal static class SeededDraw
{
    /// <summary>A number in [0, 1) from a seed and a request: the finaliser of SplitMix64 over both.</summary>
    /// <param name="seed">Seed of the run.</param>
    /// <param name="requestId">Number of the request.</param>
    internal static double Ratio(ulong seed, long requestId)
    {
        ulong mixed = (seed * 0x9E3779B97F4A7C15) ^ ((ulong)requestId + 0x632BE59BD9B4E019);
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        mixed ^= mixed >> 31;
        return (mixed >> 11) * (1.0 / (1UL << 53));
    }
}
