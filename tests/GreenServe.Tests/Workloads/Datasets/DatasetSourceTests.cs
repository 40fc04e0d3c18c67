using GreenServe.Workloads.Datasets;

namespace GreenServe.Tests.Workloads.Datasets;

public sealed class DatasetSourceTests
{
    [Fact]
    public void Check_FindsNothing_WhenFileAndFormatFit()
    {
        Assert.Empty(new DatasetSource { File = "a.json" }.Check());
        Assert.Empty(new DatasetSource { Format = DatasetFormat.Sonnet, PromptTokens = 100 }.Check());
    }

    [Fact]
    public void Check_FindsEachMember_ThatDoesNotFitTheFormat()
    {
        Assert.Equal("$.file", Assert.Single(new DatasetSource().Check()).Place);
        Assert.Equal("$.file", Assert.Single(new DatasetSource { File = "a", Format = DatasetFormat.Sonnet }.Check()).Place);
        Assert.Equal("$.prompt_tokens", Assert.Single(new DatasetSource { File = "a", PromptTokens = 5 }.Check()).Place);
        Assert.Equal("$.sha256", Assert.Single(new DatasetSource { File = "a", Sha256 = "no" }.Check()).Place);
        Assert.Equal(
            "$.shared_tokens",
            Assert.Single(new DatasetSource { Format = DatasetFormat.Sonnet, PromptTokens = 5, SharedTokens = 6 }.Check()).Place);
    }
}
