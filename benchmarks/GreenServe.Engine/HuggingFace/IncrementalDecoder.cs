using Microsoft.ML.Tokenizers;

namespace GreenServe.Engine.HuggingFace;

/// <summary>
/// Turns tokens into text as they arrive. A character may take several tokens, so text is held back while it ends in an incomplete one.
/// </summary>
/// <remarks>
/// The text of a token can depend on the tokens before it, for example by a leading space. Each new token is therefore decoded together
/// with a few tokens before it, and the text that those have given before is cut off.
/// </remarks>
internal sealed class IncrementalDecoder(Tokenizer tokenizer) : ITextDecoder
{
    private const char Replacement = '\uFFFD';

    // A character has at most 4 bytes. If it is still incomplete after this many tokens, the output is broken and is shown as it is.
    private const int MaxHeldTokens = 8;
    private readonly List<int> window = [];
    private int known;

    /// <inheritdoc />
    public string Append(int tokenId)
    {
        window.Add(tokenId);
        string after = Decode(window.Count);
        if (after.EndsWith(Replacement) && window.Count - known < MaxHeldTokens)
        {
            return "";
        }

        return Release(after);
    }

    /// <inheritdoc />
    public string Flush() => Release(Decode(window.Count));

    private string Release(string after)
    {
        string before = Decode(known);
        string text = after.StartsWith(before, StringComparison.Ordinal) ? after[before.Length..] : after;

        // The tokens just released become the context of the next ones.
        window.RemoveRange(0, known);
        known = window.Count;
        return text;
    }

    private string Decode(int count) => count == 0 ? "" : tokenizer.Decode(window.GetRange(0, count));
}
