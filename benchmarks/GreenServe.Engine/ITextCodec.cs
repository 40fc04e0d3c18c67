namespace GreenServe.Engine;

/// <summary>Turns text into token ids and token ids into text. Implementations are thread-safe.</summary>
public interface ITextCodec
{
    /// <summary>Encodes a prompt. The result begins with the model's start token if the model has one.</summary>
    int[] Encode(string text);

    /// <summary>Encodes a conversation in the template of the model, ready for the assistant's next message.</summary>
    int[] EncodeChat(IReadOnlyList<ChatMessage> messages);

    /// <summary>Creates a decoder for the tokens of one output.</summary>
    ITextDecoder CreateDecoder();
}

/// <summary>Decodes one output, token by token. Implementations are not thread-safe.</summary>
public interface ITextDecoder
{
    /// <summary>Adds a token and returns the text that has become certain. The text is empty while a character is incomplete.</summary>
    string Append(int tokenId);

    /// <summary>
    /// Returns the text that is still held back when the output ends. An incomplete character becomes the replacement character U+FFFD.
    /// </summary>
    string Flush();
}

/// <summary>One message of a conversation.</summary>
/// <param name="Role">The author of the message, for example <c>system</c>, <c>user</c> or <c>assistant</c>.</param>
/// <param name="Content">The text of the message.</param>
public sealed record ChatMessage(string Role, string Content);
