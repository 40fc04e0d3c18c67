using GreenServe.Records.Measurements;

namespace GreenServe.Engine.Inference;

/// <summary>The model's name, the limits of a batch, and what ends a text.</summary>
public sealed record InferenceOptions
{
    /// <summary>The name by which clients ask for the model.</summary>
    public required string ModelName { get; init; }

    /// <summary>The number of tokens in the vocabulary.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>The largest number of tokens in one step. vLLM calls it <c>max_num_batched_tokens</c>.</summary>
    /// <value>At least the number of the runner's slots. Default: 2048.</value>
    public int StepTokens { get; init; } = 2048;

    /// <summary>
    /// The number of tokens that the key-value cache may hold; <c>null</c> for as many as the runner's slots hold. With a smaller number
    /// the scheduler preempts requests, as it would with a full cache.
    /// </summary>
    public long? CacheTokens { get; init; }

    /// <summary>The tokens that end a text. A model with random weights has none.</summary>
    /// <value>Default: empty.</value>
    public IReadOnlyList<int> EndTokens { get; init; } = [];

    /// <summary>The seed for requests that bring no seed.</summary>
    /// <value>Default: 0.</value>
    public long Seed { get; init; }

    /// <summary>Whether the runner computes nothing. Clients can see it in the list of models.</summary>
    /// <value>Default: <c>false</c>.</value>
    public bool IsSimulated { get; init; }
}

/// <summary>Receives each step of an engine after its end, from the engine's own thread.</summary>
/// <param name="step">The step. Its start is a reading of the engine's clock, in seconds.</param>
public delegate void StepLog(EngineStep step);
