using GreenServe.Workloads.Models;

namespace GreenServe.Simulation.Physics;

/// <summary>Attention of one new token over its cached context: bound by reading keys and values.</summary>
public static class DecodeAttention
{
    /// <summary>Bytes that one cached token holds on each accelerator: keys and values, whole heads only.</summary>
    public static double BytesPerContextToken(ModelDefinition model, int tensorParallelism, double bytesPerElement) =>
        2 * Math.Max((double)model.KeyValueHeads / tensorParallelism, 1) * model.HeadSize * bytesPerElement * model.Layers;

    /// <summary>Operations for each cached token on each accelerator (FLOP): scores and weighted sum, all query heads.</summary>
    public static double FlopsPerContextToken(ModelDefinition model, int tensorParallelism) =>
        4.0 * model.Heads * model.HeadSize * model.Layers / tensorParallelism;

    /// <summary>Time (s) to read the context at the reachable bandwidth (bytes/s).</summary>
    public static double Seconds(double contextTokens, double bytesPerContextToken, double bytesPerSecond) =>
        contextTokens * bytesPerContextToken / bytesPerSecond;
}
