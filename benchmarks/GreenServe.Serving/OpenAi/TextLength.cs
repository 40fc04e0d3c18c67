namespace GreenServe.Serving.OpenAi;

/// <summary>How a server counts the words of a text prompt: tokens = overhead + tokens per word x words.</summary>
/// <param name="OverheadTokens">Tokens that are not of the prompt's words: the start token and the chat template.</param>
/// <param name="TokensPerWord">Mean number of tokens of a word, above 0.</param>
public sealed record TextLength(double OverheadTokens, double TokensPerWord)
{
    /// <summary>A count of one token a word and no overhead.</summary>
    public static TextLength Plain { get; } = new(0, 1);

    /// <summary>Finds the count from two prompts.</summary>
    /// <param name="fewWords">Words of the shorter prompt.</param>
    /// <param name="fewTokens">Tokens of the shorter prompt by the server's count.</param>
    /// <param name="manyWords">Words of the longer prompt.</param>
    /// <param name="manyTokens">Tokens of the longer prompt by the server's count.</param>
    /// <returns>The line through both counts; <c>null</c> where the longer prompt has no more tokens than the shorter one.</returns>
    public static TextLength? Through(int fewWords, double fewTokens, int manyWords, double manyTokens)
    {
        double perWord = (manyTokens - fewTokens) / (manyWords - fewWords);
        return perWord > 0 ? new TextLength(fewTokens - (perWord * fewWords), perWord) : null;
    }

    /// <summary>The number of words whose prompt comes nearest to a number of tokens; at least 1.</summary>
    /// <param name="tokens">Wanted length of the prompt (tokens).</param>
    public int WordsFor(int tokens) => Math.Max(1, (int)Math.Round((tokens - OverheadTokens) / TokensPerWord));
}
