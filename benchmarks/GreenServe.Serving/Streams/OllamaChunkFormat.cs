namespace GreenServe.Serving.Streams;

/// <summary>The lines of Ollama's own <c>/api/generate</c> and <c>/api/chat</c>. The last line has the token counts.</summary>
internal sealed class OllamaChunkFormat : IChunkFormat
{
    internal static OllamaChunkFormat Instance { get; } = new();

    public bool TryRead(ReadOnlySpan<byte> json, out ChunkFacts facts)
    {
        facts = default;
        JsonScanner scanner = new(json);
        return TryReadObject(ref scanner, ref facts) && scanner.IsAtEnd;
    }

    private static bool TryReadObject(ref JsonScanner scanner, ref ChunkFacts facts)
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
            if (!scanner.TryTakeName(out ReadOnlySpan<byte> name) || !TryReadMember(ref scanner, ref facts, name))
            {
                return false;
            }
        }
        while (scanner.TryTake((byte)','));
        return scanner.TryTake((byte)'}');
    }

    private static bool IsTextField(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("response"u8) || name.SequenceEqual("content"u8) || name.SequenceEqual("thinking"u8);

    private static bool TryReadMember(ref JsonScanner scanner, ref ChunkFacts facts, ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual("message"u8) && scanner.Peek() == '{')
        {
            facts.HasOutput = true;
            return TryReadObject(ref scanner, ref facts);
        }

        if (IsTextField(name) && scanner.Peek() == '"')
        {
            bool isText = scanner.TryTakeString(out ReadOnlySpan<byte> text);
            facts.HasOutput = true;
            facts.HasText |= text.Length > 0;
            return isText;
        }

        if (name.SequenceEqual("tool_calls"u8) && scanner.Peek() == '[')
        {
            bool isList = scanner.TryCountItems(out int calls);
            facts.HasText |= calls > 0;
            return isList;
        }

        if (name.SequenceEqual("eval_count"u8))
        {
            return scanner.TryTakeNumber(out facts.TokensSoFar);
        }

        if (name.SequenceEqual("prompt_eval_count"u8))
        {
            return scanner.TryTakeNumber(out facts.PromptTokens);
        }

        if (name.SequenceEqual("done_reason"u8))
        {
            return OutputEndMember.TryReadReason(ref scanner, ref facts);
        }

        if (name.SequenceEqual("error"u8))
        {
            return OutputEndMember.TryReadError(ref scanner, ref facts);
        }

        if (name.SequenceEqual("done"u8) && scanner.Peek() == 't')
        {
            facts.HasOutput = true;
            facts.NoteEnd(OutputEnd.Whole, default);
        }

        return scanner.TrySkip();
    }
}
