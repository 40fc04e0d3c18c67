using GreenServe.Engine.Onnx;
using GreenServe.Records;

namespace GreenServe.Engine.Runners;

/// <summary>Whether a model fits before it is loaded.</summary>
internal static class MemoryNeed
{
    // What the process needs beside weights and cache: runtime, activations, buffers.
    internal const double Overhead = 1.2;

    /// <summary>Bytes of weights in the CPU runner. An embedding that is not also the head stays where it came from: a row is read when a token needs it.</summary>
    internal static long HostWeightBytes(RunnerOptions options, OnnxWeightFormat format)
    {
        long held = options.Shape.ParameterCount - (options.Shape.TiedEmbedding ? 0 : options.Shape.Embedding.Elements);

        // Integers carry a scale of 4 bytes for each block of 32.
        return (long)(held * format switch { OnnxWeightFormat.Int8 => 1.125, OnnxWeightFormat.Int4 => 0.625, _ => sizeof(float) });
    }

    /// <summary>Refuses a model whose weights and cache exceed this host's memory.</summary>
    /// <exception cref="UnavailableException">It does not fit.</exception>
    internal static void RequireHostMemory(RunnerOptions options, OnnxWeightFormat format)
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
