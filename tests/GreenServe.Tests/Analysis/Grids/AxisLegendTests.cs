using GreenServe.Analysis.Grids;

namespace GreenServe.Tests.Analysis.Grids;

public sealed class AxisLegendTests
{
    [Theory]
    [InlineData("wait_seconds", "Wait (s)")]
    [InlineData("memory_megahertz", "Memory (MHz)")]
    [InlineData("arrival_requests_per_second", "Arrival (requests/s)")]
    [InlineData("seconds", "Seconds")]
    [InlineData("caches_prefixes", "Prefix caching")]
    [InlineData("a\nb", "A\\nb")]
    public void Of_TakesWordsAndUnitFromTheName(string name, string expected) => Assert.Equal(expected, AxisLegend.Of(name));
}
