using GreenServe.Workloads.Models;

namespace GreenServe.Simulation.Physics;

/// <summary>Attention of new tokens over their cached contexts, which is limited by the time to read keys and values.</summary>
internal static class DecodeAttention
{
    /// <summary>Bytes of keys and values of one cached token on each accelerator, which holds whole heads only.</summary>
    internal static double BytesPerContextToken(ModelDefinition model, int tensorParallelism, double bytesPerElement) =>
        2 * Math.Max((double)model.KeyValueHeads / tensorParallelism, 1) * model.HeadSize * bytesPerElement * model.Layers;

    /// <summary>Operations for one cached token on each accelerator, in FLOP: scores and weighted sum of all query heads.</summary>
    internal static double FlopsPerContextToken(ModelDefinition model, int tensorParallelism) =>
        4.0 * model.Heads * model.HeadSize * model.Layers / tensorParallelism;

    /// <summary>Time to read the context at a reachable bandwidth in bytes per second, in seconds.</summary>
    internal static double Seconds(double contextTokens, double bytesPerContextToken, double bytesPerSecond) =>
        contextTokens * bytesPerContextToken / bytesPerSecond;
}
