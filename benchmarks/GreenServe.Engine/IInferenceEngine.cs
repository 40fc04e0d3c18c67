namespace GreenServe.Engine;

/// <summary>What generates tokens behind the HTTP front: real inference, or the simulator in wall-clock time.</summary>
/// <remarks>Thread-safe. The front checks context and lengths before it submits; an engine may rely on that.</remarks>
public interface IInferenceEngine : IAsyncDisposable
{
    /// <summary>The model served.</summary>
    EngineModel Model { get; }

    /// <summary>Text to token ids and back.</summary>
    ITextCodec Text { get; }

    /// <summary>Load and cache use right now, and totals since the start; cheap, may be called from any thread.</summary>
    EngineStatus ReadStatus();

    /// <summary>Queues a request and returns at once. Every request ends with exactly one call of <see cref="IGenerationSink.Finish"/>.</summary>
    /// <param name="request">What to generate.</param>
    /// <param name="sink">Told of each step's tokens, in order, from the engine's own thread.</param>
    /// <param name="cancellationToken">
    /// Cancelled when the client left: the request ends with <see cref="FinishReason.Cancelled"/> within one step and frees its slot.
    /// </param>
    void Submit(GenerationRequest request, IGenerationSink sink, CancellationToken cancellationToken);
}
