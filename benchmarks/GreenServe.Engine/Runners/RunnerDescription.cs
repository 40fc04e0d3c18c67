namespace GreenServe.Engine.Runners;

/// <summary>What a runner is and what it took.</summary>
public sealed record RunnerDescription
{
    /// <summary>Library and version, for example <c>ONNX Runtime 1.31.1</c>.</summary>
    public required string Library { get; init; }

    /// <summary>Where it computes, for example <c>CPU, 2 threads</c>.</summary>
    public required string Device { get; init; }

    /// <summary>Format of weights, for example <c>float32</c>.</summary>
    public required string Precision { get; init; }

    /// <summary>Where the weights came from.</summary>
    public required string Weights { get; init; }

    /// <summary>Memory of the weights (bytes).</summary>
    public required long WeightBytes { get; init; }

    /// <summary>Memory of the key and value cache when every slot is full (bytes).</summary>
    public required long CacheBytes { get; init; }

    /// <summary>Sequences that fit at once.</summary>
    public required int Slots { get; init; }

    /// <summary>Longest sequence (tokens).</summary>
    public required int ContextTokens { get; init; }

    /// <summary>Other facts that speed depends on, for example which attention kernel; empty for none.</summary>
    public string Notes { get; init; } = "";
}
