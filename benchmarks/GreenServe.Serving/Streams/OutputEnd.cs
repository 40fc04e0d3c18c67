using System.Text;

namespace GreenServe.Serving.Streams;

/// <summary>How an event ends an output, from no end at all to the worst one.</summary>
internal enum OutputEnd
{
    /// <summary>The output goes on.</summary>
    None,

    /// <summary>The output is whole: the model ended it, or it has the length asked for.</summary>
    Whole,

    /// <summary>A content filter of the server cut the output.</summary>
    Filtered,

    /// <summary>The server gave the output up, for example because it aborted the request.</summary>
    GivenUp,

    /// <summary>The server sent an error in place of output.</summary>
    Error,
}

/// <summary>Reads the members of an event that end an output: its finish reason and its error.</summary>
internal static class OutputEndMember
{
    private const string WholeReasons =
        "stop length tool_calls tool_call function_call eos eos_token stop_sequence stop_token end_turn max_tokens model_length "
        + "repetition complete completed";

    private const string FilterReasons = "content_filter content_filtered safety refusal recitation blocklist prohibited_content spii";

    /// <summary>
    /// Finish reasons of whole outputs, as OpenAI, vLLM, SGLang, TensorRT-LLM, TGI, llama.cpp, Ollama and gateways send them.
    /// </summary>
    private static readonly byte[][] Whole = ListOf(WholeReasons);

    /// <summary>Finish reasons of outputs that a content filter cut.</summary>
    private static readonly byte[][] Filtered = ListOf(FilterReasons);

    /// <summary>Reads a finish reason. No reason is <c>null</c>, and with some servers an empty text.</summary>
    /// <remarks>
    /// A reason that is not known to end a whole output counts as one that does not: an aborted request must not pass as completed
    /// because its server words the abortion in its own way.
    /// </remarks>
    internal static bool TryReadReason(ref JsonScanner scanner, ref ChunkFacts facts)
    {
        if (!scanner.TryTakeValue(out Range words))
        {
            return false;
        }

        ReadOnlySpan<byte> reason = scanner.TextOf(words);
        if (!IsNothing(reason))
        {
            reason = reason.Trim((byte)'"');
            OutputEnd end = IsIn(Whole, reason) ? OutputEnd.Whole : IsIn(Filtered, reason) ? OutputEnd.Filtered : OutputEnd.GivenUp;
            facts.NoteEnd(end, words);
        }

        return true;
    }

    /// <summary>Reads an error. Some servers send an empty one with every event, which is none.</summary>
    internal static bool TryReadError(ref JsonScanner scanner, ref ChunkFacts facts)
    {
        if (!scanner.TryTakeValue(out Range words))
        {
            return false;
        }

        if (!IsNothing(scanner.TextOf(words)))
        {
            facts.NoteEnd(OutputEnd.Error, words);
        }

        return true;
    }

    /// <summary>Whether a value of JSON says nothing: null, false, or an empty text, object or list.</summary>
    internal static bool IsNothing(ReadOnlySpan<byte> value) =>
        value.SequenceEqual("null"u8) || value.SequenceEqual("false"u8) || value.SequenceEqual("\"\""u8)
        || value.SequenceEqual("{}"u8) || value.SequenceEqual("[]"u8);

    private static byte[][] ListOf(string words) => [.. words.Split(' ').Select(Encoding.ASCII.GetBytes)];

    private static bool IsIn(byte[][] reasons, ReadOnlySpan<byte> reason)
    {
        foreach (byte[] known in reasons)
        {
            if (Ascii.EqualsIgnoreCase(known, reason))
            {
                return true;
            }
        }

        return false;
    }
}
