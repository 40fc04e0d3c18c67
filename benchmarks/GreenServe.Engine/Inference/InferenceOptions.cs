namespace GreenServe.Engine.Inference;

/// <summary>How the reference engine batches and when texts end.</summary>
public sealed record InferenceOptions
{
    /// <summary>Name under which the model is served.</summary>
    public required string ModelName { get; init; }

    /// <summary>Tokens in the vocabulary.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Most tokens of one step (vLLM: max_num_batched_tokens); at least the runner's slots.</summary>
    public int StepTokens { get; init; } = 2048;

    /// <summary>
    /// Tokens that the key and value cache may hold in all; <c>null</c> for as many as the runner's slots. A smaller number makes the
    /// scheduler preempt, as a full cache would.
    /// </summary>
    public long? CacheTokens { get; init; }

    /// <summary>Tokens that end a text; none for a model of random weights.</summary>
    public IReadOnlyList<int> EndTokens { get; init; } = [];

    /// <summary>Seed for requests that bring none of their own.</summary>
    public long Seed { get; init; }

    /// <summary>Whether the runner computes nothing; clients are told.</summary>
    public bool IsSimulated { get; init; }
}
