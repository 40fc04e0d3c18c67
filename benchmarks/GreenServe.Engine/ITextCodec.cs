namespace GreenServe.Engine;

/// <summary>Turns text into token ids and back. Thread-safe.</summary>
public interface ITextCodec
{
    /// <summary>Token ids of a prompt, with the model's own start token where it wants one.</summary>
    int[] Encode(string text);

    /// <summary>Token ids of a conversation in the model's own template.</summary>
    int[] EncodeChat(IReadOnlyList<ChatMessage> messages);

    /// <summary>A decoder for one output.</summary>
    ITextDecoder CreateDecoder();
}
