using GreenServe.Records.Runs;
using GreenServe.Serving.Load;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Serving.Load;

public sealed class TokenGapsTests
{
    private const double TicksPerSecond = 1000;

    [Fact]
    public void Of_CountsAChunkOfThreeTokens_AsThree()
    {
        // Tokens at 0, 10, 30, 30, 30 ms: gaps 10, 20, 0, 0.
        TokenGaps gaps = TokenGaps.Of(Trace((0, 1), (10, 1), (30, 3)), TicksPerSecond);

        Assert.Equal(4, gaps.Count);
        Assert.Equal(0, gaps.PercentileSeconds(50));
        Assert.Equal(0.010, gaps.PercentileSeconds(75)!.Value, 1e-12);
        Assert.Equal(0.020, gaps.PercentileSeconds(100)!.Value, 1e-12);

        LatencyHistogram histogram = new();
        gaps.AddTo(histogram);
        Assert.Equal(4, histogram.Count);
        Assert.Equal(0.030, histogram.SumSeconds, 1e-12);
    }

    [Fact]
    public void Of_CountsTheFirstChunksTokensToo()
    {
        TokenGaps gaps = TokenGaps.Of(Trace((5, 2), (25, 1)), TicksPerSecond);

        Assert.Equal(2, gaps.Count);
        Assert.Equal(0.020, gaps.PercentileSeconds(100)!.Value, 1e-12);
    }

    [Fact]
    public void PercentileSeconds_IsNull_BelowTwoTokens() =>
        Assert.Null(TokenGaps.Of(Trace((5, 1)), TicksPerSecond).PercentileSeconds(99));

    [Fact]
    public void PercentileSeconds_IsTheNearestRank()
    {
        // Gaps of 1 to 100 ms.
        (int, int)[] chunks = [.. Enumerable.Range(0, 101).Select(index => (index * (index + 1) / 2, 1))];

        TokenGaps gaps = TokenGaps.Of(Trace(chunks), TicksPerSecond);

        Assert.Equal(0.099, gaps.PercentileSeconds(99)!.Value, 1e-12);
        Assert.Equal(0.050, gaps.PercentileSeconds(50)!.Value, 1e-12);
    }

    [Fact]
    public void MeanSeconds_CountsTheGapsInsideAChunk()
    {
        // Tokens at 0, 10, 10, 10 ms: gaps of 10, 0 and 0.
        Assert.Equal(0.010 / 3, TokenGaps.Of(Trace((0, 1), (10, 3)), TicksPerSecond).MeanSeconds!.Value, 1e-12);
        Assert.Equal(0, TokenGaps.Of(Trace((5, 8)), TicksPerSecond).MeanSeconds);
        Assert.Null(TokenGaps.Of(Trace((5, 1)), TicksPerSecond).MeanSeconds);
    }

    private static RequestTrace Trace(params (int Milliseconds, int Tokens)[] chunks)
    {
        RequestTrace trace = new(new ScheduledRequest(0, 0, default, 1, 1), 0, TimeProvider.System);
        foreach ((int milliseconds, int tokens) in chunks)
        {
            trace.AddChunk(milliseconds, tokens);
        }

        return trace;
    }
}
