namespace GreenServe.Serving.OpenAi;

/// <summary>How a server counts the words of our prompts: tokens = overhead + tokens per word x words, from two of its own counts.</summary>
/// <param name="OverheadTokens">Start token and chat template (tokens).</param>
/// <param name="TokensPerWord">Mean tokens of a word, above 0.</param>
public sealed record TextLength(double OverheadTokens, double TokensPerWord)
{
    /// <summary>A word a token and nothing around them.</summary>
    public static TextLength Plain { get; } = new(0, 1);

    /// <summary>The line through two counts.</summary>
    /// <param name="fewWords">Words of the shorter prompt.</param>
    /// <param name="fewTokens">What the server counted for it.</param>
    /// <param name="manyWords">Words of the longer prompt.</param>
    /// <param name="manyTokens">What the server counted for it.</param>
    /// <returns><c>null</c> if the longer prompt did not count more.</returns>
    public static TextLength? Through(int fewWords, double fewTokens, int manyWords, double manyTokens)
    {
        double perWord = (manyTokens - fewTokens) / (manyWords - fewWords);
        return perWord > 0 ? new TextLength(fewTokens - (perWord * fewWords), perWord) : null;
    }

    /// <summary>Words for a prompt of this many tokens; at least 1.</summary>
    public int WordsFor(int tokens) => Math.Max(1, (int)Math.Round((tokens - OverheadTokens) / TokensPerWord));
}
