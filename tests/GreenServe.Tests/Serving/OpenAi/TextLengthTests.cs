using GreenServe.Serving.OpenAi;

namespace GreenServe.Tests.Serving.OpenAi;

public sealed class TextLengthTests
{
    [Fact]
    public void Through_FindsOverheadAndTokensPerWord()
    {
        // 9 tokens of template and 1.25 tokens a word.
        TextLength length = TextLength.Through(64, 9 + 80, 512, 9 + 640)!;

        Assert.Equal(9, length.OverheadTokens, 1e-9);
        Assert.Equal(1.25, length.TokensPerWord, 1e-9);
    }

    [Theory]
    [InlineData(109, 80)]
    [InlineData(3, 1)]
    public void WordsFor_ReachesTheTokens_WithAtLeastOneWord(int tokens, int words) =>
        Assert.Equal(words, new TextLength(OverheadTokens: 9, TokensPerWord: 1.25).WordsFor(tokens));

    [Fact]
    public void Through_IsNull_WhenMoreWordsDoNotCountMore() =>
        Assert.Null(TextLength.Through(64, 100, 512, 100));
}
