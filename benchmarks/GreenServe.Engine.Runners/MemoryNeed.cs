using GreenServe.Engine.Onnx;
using GreenServe.Records;

namespace GreenServe.Engine.Runners;

/// <summary>Whether a model fits before it is loaded.</summary>
internal static class MemoryNeed
{
    // What the process needs beside weights and cache: runtime, activations, buffers.
    private const double Overhead = 1.2;

    /// <summary>Bytes of weights in the CPU runner.</summary>
    internal static long HostWeightBytes(RunnerOptions options, WeightFormat format)
    {
        long parameters = options.Shape.ParameterCount;
        if (format == WeightFormat.Float32)
        {
            return parameters * sizeof(float);
        }

        // A scale of 4 bytes for each block of 32; the embedding stays float32.
        double bytesPerWeight = format == WeightFormat.Int8 ? 1.125 : 0.625;
        long embedding = options.Shape.Embedding.Elements;
        long matrices = options.Shape.TiedEmbedding ? parameters : parameters - embedding;
        return (long)(matrices * bytesPerWeight) + (embedding * sizeof(float));
    }

    /// <summary>Refuses a model whose weights and cache exceed this host's memory.</summary>
    /// <exception cref="UnavailableException">It does not fit.</exception>
    internal static void RequireHostMemory(RunnerOptions options, WeightFormat format)
    {
        long weights = HostWeightBytes(options, format);
        long cache = options.Shape.CacheElementsPerToken * sizeof(float) * options.ContextTokens * options.Slots;
        long available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        Require(options, weights, cache, available, "this host's memory");
    }

    /// <summary>Refuses a model whose weights and cache exceed a device's memory.</summary>
    /// <exception cref="UnavailableException">It does not fit.</exception>
    internal static void Require(RunnerOptions options, long weightBytes, long cacheBytes, long availableBytes, string place)
    {
        if ((weightBytes + cacheBytes) * Overhead <= availableBytes)
        {
            return;
        }

        throw new UnavailableException(
            $"{options.Shape.Name} does not fit: weights {Gibibytes(weightBytes)} and cache {Gibibytes(cacheBytes)} "
            + $"({options.Slots} sequences of {options.ContextTokens} tokens) with 20 % to spare exceed {place}, {Gibibytes(availableBytes)}. "
            + "Lower --max-batch or --max-context, or take a smaller model or format.");
    }

    private static string Gibibytes(long bytes) => FormattableString.Invariant($"{bytes / (double)(1L << 30):0.0} GiB");
}
