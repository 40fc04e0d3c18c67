using Microsoft.ML.Tokenizers;

namespace GreenServe.Engine.HuggingFace;

/// <summary>Turns tokens into text as they come. A character may take several tokens: text is held back while it ends in a broken one.</summary>
/// <remarks>
/// Each new token is decoded together with a few before it, since its text can depend on them (a leading space), and what they gave
/// already is left off.
/// </remarks>
internal sealed class IncrementalDecoder(Tokenizer tokenizer) : ITextDecoder
{
    private const char Replacement = '\uFFFD';

    // A character has at most 4 bytes; longer than this the output simply is broken, and is shown so.
    private const int LongestHold = 8;
    private readonly List<int> window = [];
    private int known;

    /// <inheritdoc />
    public string Append(int tokenId)
    {
        window.Add(tokenId);
        string after = Decode(window.Count);
        if (after.EndsWith(Replacement) && window.Count - known < LongestHold)
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
