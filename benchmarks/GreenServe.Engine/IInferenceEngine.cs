namespace GreenServe.Engine;

/// <summary>Generates tokens for the HTTP server: by real inference, or by a simulation that runs in real time.</summary>
/// <remarks>
/// Implementations are thread-safe. The HTTP server checks the prompt and the lengths of a request before it submits the request. An
/// engine may therefore rely on the ranges that <see cref="GenerationRequest"/> documents.
/// </remarks>
public interface IInferenceEngine : IAsyncDisposable
{
    /// <summary>The model that the engine serves.</summary>
    EngineModel Model { get; }

    /// <summary>The tokenizer of the model.</summary>
    ITextCodec Text { get; }

    /// <summary>Reads the present load and the totals since the start. The call is cheap and may come from any thread.</summary>
    EngineStatus ReadStatus();

    /// <summary>Queues a request and returns at once.</summary>
    /// <remarks>
    /// Every request ends exactly once. An output that reaches its end does so with its last tokens, in
    /// <see cref="IGenerationSink.Accept"/>. A request that is cancelled or fails ends with <see cref="IGenerationSink.Finish"/>.
    /// </remarks>
    /// <param name="request">What to generate.</param>
    /// <param name="sink">Receives the tokens of each step, in order, from the engine's own thread.</param>
    /// <param name="cancellationToken">
    /// Cancelled when the client has left. The request then ends with <see cref="FinishReason.Cancelled"/> within one step and frees its
    /// slot.
    /// </param>
    void Submit(GenerationRequest request, IGenerationSink sink, CancellationToken cancellationToken);
}

/// <summary>The facts that a client may know about the model of an engine.</summary>
/// <param name="Name">The name by which clients ask for the model.</param>
/// <param name="ContextTokens">The largest number of tokens that a prompt and its output may have together.</param>
/// <param name="VocabularySize">The number of token ids. Ids lie in [0, vocabulary size).</param>
public sealed record EngineModel(string Name, int ContextTokens, int VocabularySize)
{
    /// <summary>The token that ends a text; <c>null</c> if the model has none.</summary>
    public int? EndOfSequenceToken { get; init; }

    /// <summary>Whether the engine computes nothing, so that its times are simulated or fixed.</summary>
    public bool IsSimulated { get; init; }
}

/// <summary>The load of an engine at one moment. The HTTP server publishes it at <c>/metrics</c>.</summary>
public readonly record struct EngineStatus
{
    /// <summary>The number of requests that hold a slot of the batch.</summary>
    public required int Running { get; init; }

    /// <summary>The number of requests that wait for a slot of the batch.</summary>
    public required int Waiting { get; init; }

    /// <summary>The share of the key-value cache in use, in [0, 1]; <c>null</c> if the engine does not know it.</summary>
    public double? KvCacheRatio { get; init; }

    /// <summary>The number of preemptions since the start.</summary>
    public long Preemptions { get; init; }

    /// <summary>The number of prompt tokens looked up in the prefix cache since the start; <c>null</c> if there is no such cache.</summary>
    public long? PrefixQueryTokens { get; init; }

    /// <summary>The number of prompt tokens found in the prefix cache since the start; <c>null</c> if there is no such cache.</summary>
    public long? PrefixHitTokens { get; init; }
}
