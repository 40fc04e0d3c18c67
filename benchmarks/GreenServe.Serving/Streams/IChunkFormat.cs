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
    /// <summary>Whether the event is a piece of the output, with or without text, and not only about the request as a whole.</summary>
    internal bool HasOutput;

    /// <summary>Whether the event carries output text, in whatever field.</summary>
    internal bool HasText;

    /// <summary>Number of tokens in the event by its own token ids or log-probabilities; <c>null</c> where it has neither.</summary>
    internal int? Tokens;

    /// <summary>Number of output tokens so far by the server's count; <c>null</c> where the event has no count.</summary>
    internal int? TokensSoFar;

    /// <summary>Number of prompt tokens by the server's count; <c>null</c> where the event has no count.</summary>
    internal int? PromptTokens;

    /// <summary>How the output ends with this event.</summary>
    internal OutputEnd End;

    /// <summary>Where the event has the server's words for <see cref="End"/>: its finish reason or its error.</summary>
    internal Range Words;

    /// <summary>Whether the event says anything about an output or its counts.</summary>
    internal readonly bool IsAboutOutput => HasOutput || Tokens is not null || TokensSoFar is not null || PromptTokens is not null;

    /// <summary>Notes an end of the output. Where an event states several ends, the worst one counts.</summary>
    internal void NoteEnd(OutputEnd end, Range words)
    {
        if (end > End)
        {
            (End, Words) = (end, words);
        }
    }
}
