namespace GreenServe.Serving.Streams;

/// <summary>
/// The events of <c>/v1/completions</c> and <c>/v1/chat/completions</c> as OpenAI defines them. vLLM, SGLang, TensorRT-LLM, TGI, llama.cpp
/// and Ollama send them too, with extra fields that are also read.
/// </summary>
internal sealed class OpenAiChunkFormat : IChunkFormat
{
    internal static OpenAiChunkFormat Instance { get; } = new();

    public bool TryRead(ReadOnlySpan<byte> json, out ChunkFacts facts)
    {
        facts = default;
        JsonScanner scanner = new(json);
        return TryReadMembers(ref scanner, ref facts, Level.Event) && scanner.IsAtEnd;
    }

    private enum Level
    {
        Event,
        Choice,
        Delta,
        Usage,
        Timings,
        TextLogProbabilities,
    }

    private static bool TryReadMembers(ref JsonScanner scanner, ref ChunkFacts facts, Level level)
    {
        if (!scanner.TryTake((byte)'{'))
        {
            return false;
        }

        if (scanner.TryTake((byte)'}'))
        {
            return true;
        }

        do
        {
            if (!scanner.TryTakeName(out ReadOnlySpan<byte> name) || !TryReadMember(ref scanner, ref facts, level, name))
            {
                return false;
            }
        }
        while (scanner.TryTake((byte)','));
        return scanner.TryTake((byte)'}');
    }

    private static bool TryReadMember(ref JsonScanner scanner, ref ChunkFacts facts, Level level, ReadOnlySpan<byte> name) => level switch
    {
        Level.Event => TryReadEvent(ref scanner, ref facts, name),
        Level.Choice => TryReadChoice(ref scanner, ref facts, name),
        Level.Delta => TryReadDelta(ref scanner, ref facts, name),
        Level.Usage => TryReadUsage(ref scanner, ref facts, name),
        Level.Timings => TryReadTimings(ref scanner, ref facts, name),
        _ => TryReadLogProbabilities(ref scanner, ref facts, name),
    };

    private static bool TryReadEvent(ref JsonScanner scanner, ref ChunkFacts facts, ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual("choices"u8))
        {
            return TryReadChoices(ref scanner, ref facts);
        }

        if (name.SequenceEqual("usage"u8) && scanner.Peek() == '{')
        {
            return TryReadMembers(ref scanner, ref facts, Level.Usage);
        }

        if (name.SequenceEqual("timings"u8) && scanner.Peek() == '{')
        {
            return TryReadMembers(ref scanner, ref facts, Level.Timings);
        }

        if (name.SequenceEqual("error"u8))
        {
            return OutputEndMember.TryReadError(ref scanner, ref facts);
        }

        if (name.SequenceEqual("object"u8) && IsErrorObject(scanner))
        {
            facts.NoteEnd(OutputEnd.Error, Range.All);
        }

        return scanner.TrySkip();
    }

    private static bool IsErrorObject(JsonScanner copy) => copy.TryTakeString(out ReadOnlySpan<byte> kind) && kind.SequenceEqual("error"u8);

    private static bool TryReadChoices(ref JsonScanner scanner, ref ChunkFacts facts)
    {
        if (!scanner.TryTake((byte)'['))
        {
            return scanner.TrySkip();
        }

        if (scanner.TryTake((byte)']'))
        {
            return true;
        }

        facts.HasOutput = true;
        do
        {
            if (!TryReadMembers(ref scanner, ref facts, Level.Choice))
            {
                return false;
            }
        }
        while (scanner.TryTake((byte)','));
        return scanner.TryTake((byte)']');
    }

    private static bool TryReadChoice(ref JsonScanner scanner, ref ChunkFacts facts, ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual("text"u8))
        {
            return TryReadText(ref scanner, ref facts);
        }

        if (name.SequenceEqual("delta"u8) && scanner.Peek() == '{')
        {
            return TryReadMembers(ref scanner, ref facts, Level.Delta);
        }

        if (name.SequenceEqual("finish_reason"u8))
        {
            return OutputEndMember.TryReadReason(ref scanner, ref facts);
        }

        if (name.SequenceEqual("token_ids"u8) && scanner.Peek() == '[')
        {
            return TryReadCount(ref scanner, ref facts);
        }

        return name.SequenceEqual("logprobs"u8) && scanner.Peek() == '{'
            ? TryReadMembers(ref scanner, ref facts, Level.TextLogProbabilities)
            : scanner.TrySkip();
    }

    /// <summary>
    /// Reads a member of a chat delta. The text of an answer, a refusal, reasoning and a tool call all consist of output tokens. A role
    /// does not.
    /// </summary>
    private static bool TryReadDelta(ref JsonScanner scanner, ref ChunkFacts facts, ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual("content"u8) || name.SequenceEqual("reasoning_content"u8) || name.SequenceEqual("reasoning"u8)
            || name.SequenceEqual("refusal"u8))
        {
            return TryReadText(ref scanner, ref facts);
        }

        if (name.SequenceEqual("tool_calls"u8) && scanner.Peek() == '[')
        {
            bool isList = scanner.TryCountItems(out int calls);
            facts.HasText |= calls > 0;
            return isList;
        }

        return name.SequenceEqual("token_ids"u8) && scanner.Peek() == '[' ? TryReadCount(ref scanner, ref facts) : scanner.TrySkip();
    }

    private static bool TryReadUsage(ref JsonScanner scanner, ref ChunkFacts facts, ReadOnlySpan<byte> name) =>
        name.SequenceEqual("completion_tokens"u8) ? scanner.TryTakeNumber(out facts.TokensSoFar)
        : name.SequenceEqual("prompt_tokens"u8) ? scanner.TryTakeNumber(out facts.PromptTokens)
        : scanner.TrySkip();

    /// <summary>
    /// Reads a member of llama.cpp's own counts, which it sends with every event on request. Its count of prompt tokens leaves out those
    /// from its cache, so it is not read.
    /// </summary>
    private static bool TryReadTimings(ref JsonScanner scanner, ref ChunkFacts facts, ReadOnlySpan<byte> name) =>
        name.SequenceEqual("predicted_n"u8) ? scanner.TryTakeNumber(out facts.TokensSoFar) : scanner.TrySkip();

    private static bool TryReadLogProbabilities(ref JsonScanner scanner, ref ChunkFacts facts, ReadOnlySpan<byte> name) =>
        (name.SequenceEqual("tokens"u8) || name.SequenceEqual("content"u8)) && scanner.Peek() == '['
            ? TryReadCount(ref scanner, ref facts)
            : scanner.TrySkip();

    private static bool TryReadText(ref JsonScanner scanner, ref ChunkFacts facts)
    {
        if (scanner.Peek() != '"')
        {
            return scanner.TrySkip();
        }

        bool isText = scanner.TryTakeString(out ReadOnlySpan<byte> text);
        facts.HasText |= text.Length > 0;
        return isText;
    }

    private static bool TryReadCount(ref JsonScanner scanner, ref ChunkFacts facts)
    {
        bool isList = scanner.TryCountItems(out int count);
        facts.Tokens = Math.Max(facts.Tokens ?? 0, count);
        return isList;
    }
}
