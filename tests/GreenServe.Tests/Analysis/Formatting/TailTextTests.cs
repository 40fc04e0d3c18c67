using GreenServe.Analysis.Formatting;

namespace GreenServe.Tests.Analysis.Formatting;

public sealed class TailTextTests
{
    [Theory]
    [InlineData(1, "Only 1 request stands behind the latencies.")]
    [InlineData(999, "Only 999 requests stand behind the latencies.")]
    public void Warning_CountsTheRequests_WhenTheyAreFewerThanATailNeeds(long requests, string start) => Assert.Equal(
        $"{start} Percentiles of fewer than 1,000 requests say little about the tail: use a longer workload.",
        TailText.Warning(requests));

    [Fact]
    public void Warning_IsAbsent_WhenThereAreEnoughRequests() => Assert.Null(TailText.Warning(1000));
}
