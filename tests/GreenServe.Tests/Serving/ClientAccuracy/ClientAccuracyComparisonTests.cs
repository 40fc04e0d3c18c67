using GreenServe.Serving.ClientAccuracy;

namespace GreenServe.Tests.Serving.ClientAccuracy;

public sealed class ClientAccuracyComparisonTests
{
    [Fact]
    public void Of_MeasuresErrorsOfTimesAndOfGaps()
    {
        // Times in milliseconds. Sent at 100, 110 and 120, received 1, 3 and 1 later: errors 1, 3 and 1, gaps off by 2 and 2.
        ReceivedRequest received = new("a", IssuedTimestamp: 90, [101, 113, 121]);
        Dictionary<string, IReadOnlyList<SentToken>> sent = new()
        {
            ["a"] = [new(TokenIndex: null, 0, 95), new(0, 1, 100), new(1, 1, 110), new(2, 1, 120)],
        };

        ClientAccuracyComparison accuracy = ClientAccuracyComparison.Of([received], sent, ticksPerSecond: 1000);

        Assert.Equal((1, 3L, 0L), (accuracy.Requests, accuracy.Tokens, accuracy.TokensMissing));
        Assert.Equal(0.001, accuracy.FirstTokenErrors.SumSeconds, 1e-12);
        Assert.Equal(0.005, accuracy.TokenErrors.SumSeconds, 1e-12);
        Assert.Equal(0.004, accuracy.GapErrors.SumSeconds, 1e-12);
        Assert.Equal(0.005, accuracy.SendDelays.SumSeconds, 1e-12);
        Assert.Equal(3 / 0.020, accuracy.SentTokensPerSecond!.Value, 1e-9);
    }

    [Fact]
    public void Of_CountsTokensThatOnlyOneSideHas()
    {
        Dictionary<string, IReadOnlyList<SentToken>> sent = new() { ["a"] = [new(0, 4, 100)] };

        ClientAccuracyComparison accuracy = ClientAccuracyComparison.Of(
            [new("a", 90, [101]), new("b", 90, [5, 6])], sent, ticksPerSecond: 1000);

        // Three tokens of "a" never came, and two of "b" were never sent.
        Assert.Equal(5, accuracy.TokensMissing);
    }

    [Fact]
    public void Of_KnowsNoRate_WhenNoTimeLiesBetweenTheTokens()
    {
        Dictionary<string, IReadOnlyList<SentToken>> sent = new() { ["a"] = [new(0, 1, 100)] };

        ClientAccuracyComparison accuracy = ClientAccuracyComparison.Of([new("a", 90, [101])], sent, ticksPerSecond: 1000);

        Assert.Null(accuracy.SentTokensPerSecond);
    }
}
