using GreenServe.Workloads.Models;

namespace GreenServe.Simulation.Physics;

/// <summary>Causal attention of a chunk of a prompt over the tokens before it and over itself, which is limited by compute.</summary>
internal static class PrefillAttention
{
    /// <summary>Number of pairs of query and key: <c>c·(o + c/2)</c> for a chunk of c tokens at offset o.</summary>
    internal static double Pairs(int chunkTokens, int offsetTokens) => chunkTokens * (offsetTokens + (chunkTokens / 2.0));

    /// <summary>Operations for one pair on each accelerator, in FLOP.</summary>
    internal static double FlopsPerPair(ModelDefinition model, int tensorParallelism) =>
        4.0 * model.Heads * model.HeadSize * model.Layers / tensorParallelism;

    /// <summary>Time at a reachable compute rate in FLOP per second, in seconds.</summary>
    internal static double Seconds(double pairs, double flopsPerPair, double flopsPerSecond) => pairs * flopsPerPair / flopsPerSecond;
}
