using System.Text;

namespace GreenServe.Engine;

/// <summary>The codec of models that have no tokenizer files. Each byte of UTF-8 is one token, and byte b is token b.</summary>
/// <remarks>
/// A model with random weights also generates token ids of 256 and above. Such a token decodes to the letter whose number in the alphabet
/// is the id modulo 26, counted from <c>a</c> = 0.
/// </remarks>
public sealed class ByteTextCodec : ITextCodec
{
    /// <inheritdoc />
    public int[] Encode(string text) => [.. Encoding.UTF8.GetBytes(text)];

    /// <inheritdoc />
    public int[] EncodeChat(IReadOnlyList<ChatMessage> messages) =>
        Encode(string.Concat(messages.Select(message => $"{message.Role}: {message.Content}\n")) + "assistant: ");

    /// <inheritdoc />
    public ITextDecoder CreateDecoder() => new ByteDecoder();

    private sealed class ByteDecoder : ITextDecoder
    {
        private const int ByteValues = 256;
        private const int Letters = 26;

        // One byte completes at most one character, which is at most two UTF-16 units. A broken sequence before it adds replacements.
        private const int MaxCharacters = 8;
        private readonly Decoder decoder = Encoding.UTF8.GetDecoder();

        public string Append(int tokenId) =>
            Decode([tokenId < ByteValues ? (byte)tokenId : (byte)('a' + (tokenId % Letters))], flush: false);

        public string Flush() => Decode([], flush: true);

        private string Decode(ReadOnlySpan<byte> bytes, bool flush)
        {
            Span<char> characters = stackalloc char[MaxCharacters];
            int count = decoder.GetChars(bytes, characters, flush);
            return new string(characters[..count]);
        }
    }
}
