namespace GreenServe.Engine.Runners;

/// <summary>Describes a runner and the memory it uses.</summary>
public sealed record RunnerDescription
{
    /// <summary>The library that computes and its version, for example <c>ONNX Runtime 1.31.1</c>.</summary>
    public required string Library { get; init; }

    /// <summary>The device that computes, for example <c>CPU, 2 threads</c>.</summary>
    public required string Device { get; init; }

    /// <summary>The format of the weights, for example <c>float32</c>.</summary>
    public required string Precision { get; init; }

    /// <summary>The origin of the weights, for example <c>random, seed 1</c>.</summary>
    public required string Weights { get; init; }

    /// <summary>The memory that the weights take, in bytes.</summary>
    public required long WeightBytes { get; init; }

    /// <summary>The memory that the key-value cache takes when every slot is full, in bytes.</summary>
    public required long CacheBytes { get; init; }

    /// <summary>The number of sequences for which the cache has room.</summary>
    public required int Slots { get; init; }

    /// <summary>The largest number of tokens in a sequence.</summary>
    public required int ContextTokens { get; init; }

    /// <summary>Further facts on which the speed depends, for example the attention kernel; <c>null</c> if there are none.</summary>
    public string? Notes { get; init; }
}
