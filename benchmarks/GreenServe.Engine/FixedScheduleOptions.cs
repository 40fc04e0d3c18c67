namespace GreenServe.Engine;

/// <summary>When a <see cref="FixedScheduleEngine"/> sends.</summary>
public sealed record FixedScheduleOptions
{
    /// <summary>From submission to the first token (s), at least 0.</summary>
    public double FirstTokenSeconds { get; init; } = 0.05;

    /// <summary>From token to token (s), at least 0. A chunk of k tokens is followed by k gaps.</summary>
    public double TokenGapSeconds { get; init; } = 0.01;

    /// <summary>Tokens sent at once, at least 1.</summary>
    public int TokensPerChunk { get; init; } = 1;

    /// <summary>Name of the model.</summary>
    public string ModelName { get; init; } = "simulated";

    /// <summary>Longest context (tokens).</summary>
    public int ContextTokens { get; init; } = 131_072;

    /// <summary>Token ids lie in [0, this).</summary>
    public int VocabularySize { get; init; } = 32_000;
}
