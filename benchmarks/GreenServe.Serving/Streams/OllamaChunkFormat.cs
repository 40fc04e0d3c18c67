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
            return TryReadObject(ref scanner, ref facts);
        }

        if (IsTextField(name) && scanner.Peek() == '"')
        {
            bool isText = scanner.TryTakeString(out ReadOnlySpan<byte> text);
            facts.HasText |= text.Length > 0;
            return isText;
        }

        if (name.SequenceEqual("eval_count"u8))
        {
            return scanner.TryTakeNumber(out facts.TokensSoFar);
        }

        if (name.SequenceEqual("prompt_eval_count"u8))
        {
            return scanner.TryTakeNumber(out facts.PromptTokens);
        }

        if (name.SequenceEqual("done"u8))
        {
            facts.IsFinished = scanner.Peek() == 't';
        }
        else if (name.SequenceEqual("error"u8))
        {
            facts.IsError = true;
        }

        return scanner.TrySkip();
    }
}
