using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace GreenServe.Engine.Http;

/// <summary>Writes the events of one streamed response in the shape of vLLM's events. No event allocates an object.</summary>
internal sealed class ChunkComposer
{
    // The length of int.MinValue.
    private const int MaxDigits = 11;
    private readonly ParsedRequest request;
    private readonly byte[] head;
    private readonly byte[] beforeText;
    private readonly byte[] afterText;

    internal ChunkComposer(ParsedRequest request, string id, string model, long created)
    {
        this.request = request;
        string kind = request.IsChat ? "chat.completion.chunk" : "text_completion";
        head = Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"data: {{\"id\":\"{Escape(id)}\",\"object\":\"{kind}\",\"created\":{created},\"model\":\"{Escape(model)}\",\"choices\":["));
        (string before, string closing) = request.IsChat
            ? ("{\"index\":0,\"delta\":{\"content\":\"", "\"}")
            : ("{\"index\":0,\"text\":\"", "\"");
        beforeText = Encoding.UTF8.GetBytes(before);
        afterText = Encoding.UTF8.GetBytes(closing + ",\"logprobs\":null,\"finish_reason\":");
    }

    /// <summary>Writes the first event of a chat, which has a role and no token.</summary>
    internal void WriteRole(IBufferWriter<byte> output)
    {
        output.Write(head);
        output.Write("{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"logprobs\":null,\"finish_reason\":null}]"u8);
        WriteUsageIfContinuous(output, 0);
        output.Write("}\n\n"u8);
    }

    /// <summary>Writes an event with the text of some tokens.</summary>
    /// <param name="output">Receives the event.</param>
    /// <param name="text">The text of the tokens. It may be empty.</param>
    /// <param name="tokenIds">The ids of the tokens.</param>
    /// <param name="tokensSoFar">The number of output tokens, including these.</param>
    /// <param name="finishReason">Why the output ended with this event; <c>null</c> if it goes on.</param>
    internal void WriteTokens(IBufferWriter<byte> output, string text, ReadOnlySpan<int> tokenIds, int tokensSoFar, string? finishReason)
    {
        output.Write(head);
        output.Write(beforeText);
        WriteEscaped(output, text);
        output.Write(afterText);
        WriteFinishReason(output, finishReason);
        if (request.ReturnsTokenIds)
        {
            output.Write(",\"token_ids\":["u8);
            for (int index = 0; index < tokenIds.Length; index++)
            {
                output.Write(index == 0 ? ""u8 : ","u8);
                WriteNumber(output, tokenIds[index]);
            }

            output.Write("]"u8);
        }

        output.Write("}]"u8);
        WriteUsageIfContinuous(output, tokensSoFar);
        output.Write("}\n\n"u8);
    }

    /// <summary>Writes the event that holds nothing but the usage.</summary>
    internal void WriteUsage(IBufferWriter<byte> output, int tokens)
    {
        output.Write(head);
        output.Write("]"u8);
        WriteUsageFields(output, tokens);
        output.Write("}\n\n"u8);
    }

    internal static void WriteDone(IBufferWriter<byte> output) => output.Write("data: [DONE]\n\n"u8);

    internal static void WriteError(IBufferWriter<byte> output, ApiError error)
    {
        output.Write("data: "u8);
        output.Write(error.ToJson());
        output.Write("\n\n"u8);
    }

    private void WriteUsageIfContinuous(IBufferWriter<byte> output, int tokens)
    {
        if (request.IncludesContinuousUsage)
        {
            WriteUsageFields(output, tokens);
        }
        else if (request.IncludesUsage)
        {
            output.Write(",\"usage\":null"u8);
        }
    }

    private void WriteUsageFields(IBufferWriter<byte> output, int tokens)
    {
        int prompt = request.Generation.Prompt.Length;
        output.Write(",\"usage\":{\"prompt_tokens\":"u8);
        WriteNumber(output, prompt);
        output.Write(",\"total_tokens\":"u8);
        WriteNumber(output, prompt + tokens);
        output.Write(",\"completion_tokens\":"u8);
        WriteNumber(output, tokens);
        output.Write("}"u8);
    }

    private static void WriteFinishReason(IBufferWriter<byte> output, string? reason)
    {
        if (reason is null)
        {
            output.Write("null"u8);
            return;
        }

        output.Write("\""u8);
        WriteEscaped(output, reason);
        output.Write("\""u8);
    }

    private static void WriteNumber(IBufferWriter<byte> output, int number)
    {
        _ = Utf8Formatter.TryFormat(number, output.GetSpan(MaxDigits), out int written);
        output.Advance(written);
    }

    private static void WriteEscaped(IBufferWriter<byte> output, string text)
    {
        if (text.Length == 0)
        {
            return;
        }

        string safe = JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text);
        Span<byte> room = output.GetSpan(Encoding.UTF8.GetMaxByteCount(safe.Length));
        output.Advance(Encoding.UTF8.GetBytes(safe, room));
    }

    private static string Escape(string text) => JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text);
}
