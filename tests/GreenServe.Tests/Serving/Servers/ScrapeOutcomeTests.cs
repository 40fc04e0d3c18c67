using GreenServe.Records.Verdicts;
using GreenServe.Serving.Servers;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Serving.Servers;

public sealed class ScrapeOutcomeTests
{
    [Fact]
    public void Reasons_NameAWarmPrefixCache_WhenNoPromptIsShared()
    {
        ScrapeOutcome outcome = new(Scrapes: 10, Failures: 0, NotScraped: null, PrefixQueryTokens: 1000, PrefixHitTokens: 600);

        VerdictReason reason = Assert.Single(outcome.Reasons(ServedRun.Schedule(10)));

        Assert.Equal("prefix-cache", reason.Code);
        Assert.Contains("60.0 %", reason.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(540, 0)]
    [InlineData(560, 1)]
    public void Reasons_AllowWhatTheWorkloadShares_AndFivePercentMore(double hits, int reasons)
    {
        // Every prompt shares 8 of its 16 tokens.
        RequestSchedule schedule = new([.. ServedRun.Schedule(10).Requests.Select(
            request => request with { PrefixGroup = 1, SharedPrefixTokens = 8 })]);
        ScrapeOutcome outcome = new(10, 0, null, PrefixQueryTokens: 1000, PrefixHitTokens: hits);

        Assert.Equal(reasons, outcome.Reasons(schedule).Count());
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(40, false)]
    [InlineData(60, true)]
    public void Reasons_NameAWarmPrefixCache_BeyondWhatTheWorkloadShares(int hits, bool isFound)
    {
        // Every request shares 40 of its 100 tokens.
        RequestSchedule schedule = new([.. Enumerable.Range(0, 10).Select(
            id => new ScheduledRequest(id, 0, default, 100, 1) { PrefixGroup = 1, SharedPrefixTokens = 40 })]);
        ScrapeOutcome outcome = new(5, 0, null, PrefixQueryTokens: 100, PrefixHitTokens: hits);

        Assert.Equal(isFound, outcome.Reasons(schedule).Any());
    }

    [Fact]
    public void Reasons_AreEmpty_WhenTheServerDoesNotCount() =>
        Assert.Empty(new ScrapeOutcome(10, 0, null, null, null).Reasons(ServedRun.Schedule(10)));
}
