namespace GreenServe.Serving.Streams;

/// <summary>
/// The events of TGI's own <c>/generate_stream</c>. Each has one token. The last one also has the whole text and the token counts.
/// </summary>
internal sealed class TgiChunkFormat : IChunkFormat
{
    internal static TgiChunkFormat Instance { get; } = new();

    public bool TryRead(ReadOnlySpan<byte> json, out ChunkFacts facts)
    {
        facts = default;
        JsonScanner scanner = new(json);
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
        return scanner.TryTake((byte)'}') && scanner.IsAtEnd;
    }

    private static bool TryReadMember(ref JsonScanner scanner, ref ChunkFacts facts, ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual("token"u8) && scanner.Peek() == '{')
        {
            facts.HasOutput = true;
            facts.HasText = true;
            facts.Tokens = 1;
        }
        else if (name.SequenceEqual("details"u8) && scanner.Peek() == '{')
        {
            facts.HasOutput = true;
            facts.NoteEnd(OutputEnd.Whole, default);
            return TryReadDetails(ref scanner, ref facts);
        }
        else if (name.SequenceEqual("error"u8))
        {
            return OutputEndMember.TryReadError(ref scanner, ref facts);
        }

        return scanner.TrySkip();
    }

    private static bool TryReadDetails(ref JsonScanner scanner, ref ChunkFacts facts)
    {
        _ = scanner.TryTake((byte)'{');
        if (scanner.TryTake((byte)'}'))
        {
            return true;
        }

        do
        {
            if (!scanner.TryTakeName(out ReadOnlySpan<byte> name))
            {
                return false;
            }

            bool isRead = name.SequenceEqual("generated_tokens"u8) ? scanner.TryTakeNumber(out facts.TokensSoFar)
                : name.SequenceEqual("input_length"u8) ? scanner.TryTakeNumber(out facts.PromptTokens)
                : name.SequenceEqual("finish_reason"u8) ? OutputEndMember.TryReadReason(ref scanner, ref facts)
                : scanner.TrySkip();
            if (!isRead)
            {
                return false;
            }
        }
        while (scanner.TryTake((byte)','));
        return scanner.TryTake((byte)'}');
    }
}
