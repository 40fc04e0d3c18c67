namespace GreenServe.Serving.Streams;

/// <summary>Reads the events of one wire format. Implementations have no state and are thread-safe.</summary>
internal interface IChunkFormat
{
    /// <summary>Reads one event of a stream.</summary>
    /// <param name="json">The data of the event, in UTF-8.</param>
    /// <param name="facts">What the event says about the output.</param>
    /// <returns><c>false</c> where the data is not well-formed JSON of this format.</returns>
    bool TryRead(ReadOnlySpan<byte> json, out ChunkFacts facts);
}

/// <summary>The facts that one event of a stream states about the output. It is filled without allocating memory.</summary>
internal struct ChunkFacts
{
    /// <summary>Whether the event carries output text, in whatever field.</summary>
    internal bool HasText;

    /// <summary>Number of tokens in the event by its own token ids or log-probabilities; <c>null</c> where it has neither.</summary>
    internal int? Tokens;

    /// <summary>Number of output tokens so far by the server's count; <c>null</c> where the event has no count.</summary>
    internal int? TokensSoFar;

    /// <summary>Number of prompt tokens by the server's count; <c>null</c> where the event has no count.</summary>
    internal int? PromptTokens;

    /// <summary>Whether the event says that the output has ended.</summary>
    internal bool IsFinished;

    /// <summary>Whether the event is an error.</summary>
    internal bool IsError;
}
