using GreenServe.Records;
using GreenServe.Workloads.Lengths;

namespace GreenServe.Tests.Workloads.Lengths;

public sealed class LengthTextTests
{
    [Fact]
    public void Parse_GivesAFixedLength_WhenTheTextIsANumber() =>
        Assert.Equal(new FixedLength { Tokens = 512 }, LengthText.Parse("512", "--input-tokens"));

    [Fact]
    public void Parse_GivesANormalLength_WhenTheTextIsMeanAndDeviation() => Assert.Equal(
        new NormalLength { MeanTokens = 512, DeviationTokens = 12.5 }, LengthText.Parse("512, 12.5", "--input-tokens"));

    [Fact]
    public void Parse_GivesTheDistribution_WhenTheTextIsThatOfAWorkloadFile() => Assert.Equal(
        new UniformLength { MinTokens = 5, MaxTokens = 9 },
        LengthText.Parse("{ kind: uniform, least_tokens: 5, greatest_tokens: 9 }", "--input-tokens"));

    [Fact]
    public void Parse_GivesANaturalLength_WhenTheTextIsThatWord() =>
        Assert.Equal(new NaturalLength { MaxTokens = 1024 }, LengthText.Parse("natural", "--output-tokens"));

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("0")]
    [InlineData("-3")]
    [InlineData("1.5")]
    [InlineData("NaN")]
    [InlineData("1e99")]
    [InlineData("10,-1")]
    [InlineData("10,NaN")]
    [InlineData("1,2,3")]
    [InlineData("{ kind: uniform, least_tokens: 5 }")]
    [InlineData("{ kind: nothing }")]
    [InlineData("{ kind")]
    public void Parse_NamesTheOption_WhenTheTextIsNoLength(string text)
    {
        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => LengthText.Parse(text, "--input-tokens"));

        Assert.All(exception.Problems, problem => Assert.StartsWith("--input-tokens", problem.ToString(), StringComparison.Ordinal));
    }
}
