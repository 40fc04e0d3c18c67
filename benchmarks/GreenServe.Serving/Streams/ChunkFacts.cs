namespace GreenServe.Serving.Streams;

/// <summary>What one event of a stream says about the output. Filled without allocating.</summary>
internal struct ChunkFacts
{
    /// <summary>Whether it carries output text, of whatever field.</summary>
    internal bool HasText;

    /// <summary>Tokens it carries by its own account (ids or log-probabilities); <c>null</c> if it does not say.</summary>
    internal int? Tokens;

    /// <summary>Output tokens up to here by the server's count; <c>null</c> if it does not say.</summary>
    internal int? TokensSoFar;

    /// <summary>Prompt tokens by the server's count; <c>null</c> if it does not say.</summary>
    internal int? PromptTokens;

    /// <summary>Whether the output has ended.</summary>
    internal bool IsFinished;

    /// <summary>Whether the event is an error.</summary>
    internal bool IsError;
}
