namespace GreenServe.Simulation.Policies.PowerLimits;

/// <summary>Puts servers into a random order that is the same on every machine.</summary>
internal static class PlacementOrder
{
    /// <summary>A number by which servers are sorted: the finaliser of SplitMix64 over the seed and the server.</summary>
    /// <param name="seed">Seed of the run.</param>
    /// <param name="server">Number of the server.</param>
    internal static ulong Of(ulong seed, int server)
    {
        ulong mixed = (seed * 0x9E3779B97F4A7C15) + ((ulong)server * 0xD1B54A32D192ED03) + 0x632BE59BD9B4E019;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
