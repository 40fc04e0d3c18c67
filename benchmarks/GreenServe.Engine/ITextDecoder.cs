namespace GreenServe.Engine;

/// <summary>Decodes one output token by token. Not thread-safe.</summary>
public interface ITextDecoder
{
    /// <summary>The text that has become certain with this token; empty while a character is incomplete.</summary>
    string Append(int tokenId);

    /// <summary>What is left when the output ends, with a replacement for an incomplete character.</summary>
    string Flush();
}
