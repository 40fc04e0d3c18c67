using GreenServe.Engine.Onnx;
using GreenServe.Records;

namespace GreenServe.Engine.Runners;

/// <summary>Checks whether a model fits into memory before it is loaded.</summary>
internal static class MemoryNeed
{
    /// <summary>
    /// The memory of the process divided by that of weights and cache. The other fifth holds the runtime, activations and buffers.
    /// </summary>
    internal const double Overhead = 1.2;

    // Weights in integers have a scale of 4 bytes for each block of 32: one eighth of a byte a weight.
    private const double ScaleBytes = 4.0 / 32;
    private const double Int8Bytes = 1 + ScaleBytes;
    private const double Int4Bytes = 0.5 + ScaleBytes;

    /// <summary>Computes the size in bytes of the weights that the CPU runner holds.</summary>
    /// <remarks>
    /// An embedding that is not also the head is not held. Its rows are read from the source of the weights when a token needs them.
    /// </remarks>
    internal static long HostWeightBytes(RunnerOptions options, OnnxWeightFormat format)
    {
        long held = options.Shape.ParameterCount - (options.Shape.TiedEmbedding ? 0 : options.Shape.Embedding.Elements);
        return (long)(held * format switch
        {
            OnnxWeightFormat.Int8 => Int8Bytes,
            OnnxWeightFormat.Int4 => Int4Bytes,
            _ => sizeof(float),
        });
    }

    /// <summary>Refuses a model whose weights and cache exceed the memory of this host.</summary>
    /// <exception cref="UnavailableException">The model does not fit.</exception>
    internal static void RequireHostMemory(RunnerOptions options, OnnxWeightFormat format)
    {
        long weights = HostWeightBytes(options, format);
        long cache = options.Shape.CacheElementsPerToken * sizeof(float) * options.ContextTokens * options.Slots;
        long available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        Require(options, weights, cache, available, "this host's memory");
    }

    /// <summary>Refuses a model whose weights and cache exceed the memory of a device.</summary>
    /// <exception cref="UnavailableException">The model does not fit.</exception>
    internal static void Require(RunnerOptions options, long weightBytes, long cacheBytes, long availableBytes, string place)
    {
        if ((weightBytes + cacheBytes) * Overhead <= availableBytes)
        {
            return;
        }

        throw new UnavailableException(
            $"{options.Shape.Name} does not fit: weights {Gibibytes(weightBytes)} and cache {Gibibytes(cacheBytes)} "
            + $"({options.Slots} sequences of {options.ContextTokens} tokens) with 20 % to spare exceed {place}, "
            + $"{Gibibytes(availableBytes)}. Lower --max-batch or --max-context, or take a smaller model or format.");
    }

    private static string Gibibytes(long bytes) => FormattableString.Invariant($"{bytes / (double)(1L << 30):0.0} GiB");
}
