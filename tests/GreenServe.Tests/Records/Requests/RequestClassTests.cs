using GreenServe.Records.Requests;

namespace GreenServe.Tests.Records.Requests;

public sealed class RequestClassTests
{
    [Theory]
    [InlineData(255, 99, "SS")]
    [InlineData(256, 100, "MM")]
    [InlineData(1023, 349, "MM")]
    [InlineData(1024, 350, "LL")]
    [InlineData(8192, 1, "LS")]
    [InlineData(1, 100_000, "SL")]
    public void Classify_PutsEachCutIntoTheUpperBand(int inputTokens, int outputTokens, string expected) =>
        Assert.Equal(expected, new RequestClassCuts().Classify(inputTokens, outputTokens).Name);

    [Fact]
    public void All_AreNineNamesThatParseBack()
    {
        Assert.Equal(["SS", "SM", "SL", "MS", "MM", "ML", "LS", "LM", "LL"], RequestClass.All.Select(item => item.Name));
        Assert.All(RequestClass.All, item => Assert.True(RequestClass.TryParse(item.Name, out RequestClass parsed) && parsed == item));
    }

    [Theory]
    [InlineData("XS")]
    [InlineData("ss")]
    [InlineData("")]
    [InlineData(null)]
    public void TryParse_IsFalse_ForAnyOtherName(string? name) => Assert.False(RequestClass.TryParse(name, out _));

    [Fact]
    public void Check_ReportsBothCuts_WhenLongIsNotAboveMedium()
    {
        RequestClassCuts cuts = new() { MediumInputTokens = 10, LongInputTokens = 10, MediumOutputTokens = 5, LongOutputTokens = 4 };

        Assert.Equal(["$.long_input_tokens", "$.long_output_tokens"], cuts.Check().Select(problem => problem.Place));
    }
}
