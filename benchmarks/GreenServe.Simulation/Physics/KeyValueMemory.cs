using GreenServe.Records.Systems;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;
using GreenServe.Workloads.Models;

namespace GreenServe.Simulation.Physics;

/// <summary>What is left of an accelerator's memory for the key-value cache.</summary>
public static class KeyValueMemory
{
    /// <summary>Bytes of weights on each accelerator.</summary>
    public static double WeightBytes(ModelDefinition model, Precision precision, int tensorParallelism)
    {
        ModelWeights weights = ModelWeights.Of(model);
        double layers = weights.AllLayers * WeightFormat.BytesPerWeight(precision);
        return (layers + ((weights.Head + weights.Embedding) * OutputHead.BytesPerWeight(precision))) / tensorParallelism;
    }

    /// <summary>Bytes for the cache on each accelerator; negative when the weights alone are too large.</summary>
    public static double FreeBytes(GpuDefinition gpu, EngineProfile engine, double weightBytes) =>
        (gpu.MemoryBytes * engine.MemoryRatio) - weightBytes - engine.ReservedBytes;

    /// <summary>Whole blocks of the cache; at least 0.</summary>
    public static int Blocks(double freeBytes, double bytesPerContextToken, int blockTokens) =>
        (int)Math.Clamp(Math.Floor(freeBytes / (bytesPerContextToken * blockTokens)), 0, int.MaxValue);
}
