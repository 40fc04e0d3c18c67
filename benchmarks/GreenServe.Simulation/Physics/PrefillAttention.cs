using GreenServe.Workloads.Models;

namespace GreenServe.Simulation.Physics;

/// <summary>Causal attention of a chunk of a prompt over what came before it and over itself: bound by compute.</summary>
public static class PrefillAttention
{
    /// <summary>Pairs of query and key: <c>c·(o + c/2)</c> for a chunk of c tokens at offset o.</summary>
    public static double Pairs(int chunkTokens, int offsetTokens) => chunkTokens * (offsetTokens + (chunkTokens / 2.0));

    /// <summary>Operations for each pair on each accelerator (FLOP).</summary>
    public static double FlopsPerPair(ModelDefinition model, int tensorParallelism) =>
        4.0 * model.Heads * model.HeadSize * model.Layers / tensorParallelism;

    /// <summary>Time (s) at the reachable compute (FLOP/s).</summary>
    public static double Seconds(double pairs, double flopsPerPair, double flopsPerSecond) => pairs * flopsPerPair / flopsPerSecond;
}
