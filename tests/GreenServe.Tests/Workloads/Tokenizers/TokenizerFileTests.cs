using GreenServe.Records;
using GreenServe.Tests.Fixtures;
using GreenServe.Workloads.Tokenizers;

namespace GreenServe.Tests.Workloads.Tokenizers;

public sealed class TokenizerFileTests
{
    [Fact]
    public void Read_CountsTheTokensOfAText_WithoutTheOneThatBeginsIt()
    {
        using TemporaryFolder folder = new();
        TextTokenizer tokenizer = TokenizerFile.Read(folder.Write("tokenizer.json", TinyTokenizer.Json));

        // "hell" is merged to one token, and each other letter is one.
        Assert.Equal(6, tokenizer.Count("hello you"));
        Assert.Equal(300, tokenizer.BeginToken);
    }

    [Theory]
    [InlineData("""{"model":{"type":"Unigram","vocab":[]}}""", "a file of another kind")]
    [InlineData("""{"model":{}}""", null)]
    [InlineData("{", null)]
    [InlineData("", "a file of another kind")]
    [InlineData("\nnonsense", null)]
    [InlineData("[1]", "a file of another kind")]
    public void Read_SaysWhatATokenizerIs_WhenTheFileIsNone(string text, string? found)
    {
        using TemporaryFolder folder = new();

        InvalidInputException exception = Assert.Throws<InvalidInputException>(
            () => TokenizerFile.Read(folder.Write("tokenizer.json", text)));

        Problem problem = Assert.Single(exception.Problems);
        Assert.Equal(TokenizerFile.Allowed, problem.Allowed);
        Assert.True(found is null || Equals(found, problem.Found), $"{problem.Found}");
    }

    [Fact]
    public void Read_NamesTheFile_WhenItIsMissing() =>
        Assert.Equal("an existing file", Assert.Single(
            Assert.Throws<InvalidInputException>(() => TokenizerFile.Read("no-such-tokenizer.json")).Problems).Allowed);
}
