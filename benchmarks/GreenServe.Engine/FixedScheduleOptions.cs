namespace GreenServe.Engine;

/// <summary>The times at which a <see cref="FixedScheduleEngine"/> sends tokens, and the model that it claims to serve.</summary>
public sealed record FixedScheduleOptions
{
    /// <summary>The time from submission to the first token, in seconds.</summary>
    /// <value>At least 0. Default: 0.05.</value>
    public double FirstTokenSeconds { get; init; } = 0.05;

    /// <summary>The time from one token to the next, in seconds. A chunk of k tokens is followed by a pause of k gaps.</summary>
    /// <value>At least 0. Default: 0.01.</value>
    public double TokenGapSeconds { get; init; } = 0.01;

    /// <summary>The number of tokens that are sent together in one chunk.</summary>
    /// <value>At least 1. Default: 1.</value>
    public int TokensPerChunk { get; init; } = 1;

    /// <summary>The name of the model.</summary>
    /// <value>Default: <c>simulated</c>.</value>
    public string ModelName { get; init; } = "simulated";

    /// <summary>The largest number of tokens that a prompt and its output may have together.</summary>
    /// <value>Default: 131072.</value>
    public int ContextTokens { get; init; } = 131_072;

    /// <summary>The number of token ids. Ids lie in [0, vocabulary size).</summary>
    /// <value>Default: 32000.</value>
    public int VocabularySize { get; init; } = 32_000;
}
