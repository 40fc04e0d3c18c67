using GreenServe.Records.Verdicts;
using GreenServe.Serving.Servers;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Serving.Servers;

public sealed class ScrapeOutcomeTests
{
    [Fact]
    public void Reasons_ObjectToAWarmPrefixCache_WhenNoPromptIsShared()
    {
        ScrapeOutcome outcome = new(Scrapes: 10, Failures: 0, NotScraped: null, PrefixQueryTokens: 1000, PrefixHitTokens: 600);

        VerdictReason reason = Assert.Single(outcome.Reasons(ServedRun.Schedule(10)));

        Assert.Equal("prefix-cache", reason.Code);
        Assert.Contains("60.0 %", reason.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(540, 0)]
    [InlineData(560, 1)]
    public void Reasons_AllowWhatTheWorkloadShares_AndFivePercentMore(double hits, int objections)
    {
        // Every prompt shares 8 of its 16 tokens.
        RequestSchedule schedule = new([.. ServedRun.Schedule(10).Requests.Select(request => request with { PrefixGroup = 1, SharedPrefixTokens = 8 })]);
        ScrapeOutcome outcome = new(10, 0, null, PrefixQueryTokens: 1000, PrefixHitTokens: hits);

        Assert.Equal(objections, outcome.Reasons(schedule).Count());
    }

    [Fact]
    public void Reasons_SayNothing_OfAServerThatDoesNotCount() =>
        Assert.Empty(new ScrapeOutcome(10, 0, null, null, null).Reasons(ServedRun.Schedule(10)));
}
