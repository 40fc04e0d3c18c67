using GreenServe.Simulation.Validation;

namespace GreenServe.Tests.Simulation.Validation;

public sealed class PointLoadTests
{
    [Theory]
    [InlineData("batch 8", 8)]
    [InlineData("avg batch 898", 898)]
    [InlineData("concurrency 16", 16)]
    public void Parse_ReadsTheNumberOfRequests_OfPublishedPoints(string text, int requests) =>
        Assert.Equal(requests, PointLoad.Parse(text)!.Value.Requests);

    [Fact]
    public void Parse_HasNoNumberOfRequests_WhenTheLoadIsSaturated() =>
        Assert.Equal(new PointLoad(PointLoadKind.Saturated, Requests: null), PointLoad.Parse("saturated, offline"));

    [Theory]
    [InlineData("")]
    [InlineData("batch many")]
    [InlineData("concurrency 0")]
    [InlineData("concurrency 65537")]
    [InlineData("batch 2147483647")]
    public void Parse_IsNull_WhenTheTextIsNotUnderstood(string text) => Assert.Null(PointLoad.Parse(text));
}
