using GreenServe.Records.Systems;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;
using GreenServe.Workloads.Models;

namespace GreenServe.Simulation.Physics;

/// <summary>Memory of an accelerator that weights and buffers leave for the key-value cache.</summary>
internal static class KeyValueMemory
{
    /// <summary>Bytes of weights on each accelerator.</summary>
    internal static double WeightBytes(ModelDefinition model, Precision precision, int tensorParallelism)
    {
        ModelWeights weights = ModelWeights.Of(model);
        double layers = WeightFormat.KeepsDenseWeightsWide(model, precision)
            ? (weights.DenseWeights * WeightFormat.BytesPerWeight(Precision.Bf16))
                + (weights.WeightsPerExpert * weights.Experts * WeightFormat.BytesPerWeight(precision))
            : weights.LayerWeights * WeightFormat.BytesPerWeight(precision);
        return (layers + ((weights.HeadWeights + weights.EmbeddingWeights) * OutputHead.BytesPerWeight(precision))) / tensorParallelism;
    }

    /// <summary>Bytes for the cache on each accelerator; negative when the weights do not fit.</summary>
    internal static double FreeBytes(GpuDefinition gpu, EngineProfile engine, double weightBytes) =>
        (gpu.MemoryBytes * engine.MemoryRatio) - weightBytes - engine.ReservedBytes;

    /// <summary>Number of whole blocks of the cache, at least 0.</summary>
    internal static int Blocks(double freeBytes, double bytesPerContextToken, int blockTokens) =>
        (int)Math.Clamp(Math.Floor(freeBytes / (bytesPerContextToken * blockTokens)), 0, int.MaxValue);
}
