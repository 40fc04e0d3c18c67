using System.Text;

namespace GreenServe.Engine;

/// <summary>One token a byte of UTF-8: the codec of models that have no tokenizer files. Byte b is token b.</summary>
/// <remarks>Token ids of 256 and above, which random weights produce, are shown as a letter: the id modulo 26, from <c>a</c>.</remarks>
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
        private readonly Decoder decoder = Encoding.UTF8.GetDecoder();

        public string Append(int tokenId) =>
            Decode([tokenId < 256 ? (byte)tokenId : (byte)('a' + (tokenId % 26))], flush: false);

        public string Flush() => Decode([], flush: true);

        private string Decode(ReadOnlySpan<byte> bytes, bool flush)
        {
            Span<char> characters = stackalloc char[8];
            int count = decoder.GetChars(bytes, characters, flush);
            return new string(characters[..count]);
        }
    }
}
