using GreenServe.Simulation.Validation;

namespace GreenServe.Tests.Simulation.Validation;

public sealed class BatchRangeTests
{
    [Theory]
    [InlineData("batch 1", "1")]
    [InlineData("concurrency 2", "2 to 8")]
    [InlineData("avg batch 8", "2 to 8")]
    [InlineData("concurrency 9", "9 to 32")]
    [InlineData("concurrency 128", "33 to 128")]
    [InlineData("avg batch 129", "129 or more")]
    [InlineData("saturated, offline", "saturated")]
    [InlineData("open loop", null)]
    [InlineData(null, null)]
    public void Of_NamesTheRange(string? load, string? range) =>
        Assert.Equal(range, BatchRange.Of(Points.Point("a") with { Load = load }));

    [Fact]
    public void SortKey_PutsRangesInTheOrderOfTheirNumbers() => Assert.Equal(
        ["1", "2 to 8", "9 to 32", "33 to 128", "129 or more", "saturated"],
        new[] { "saturated", "129 or more", "9 to 32", "1", "33 to 128", "2 to 8" }.OrderBy(BatchRange.SortKey, StringComparer.Ordinal));
}
