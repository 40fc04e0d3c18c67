using GreenServe.Records.Measurements;
using GreenServe.Records.Verdicts;
using GreenServe.Serving.Load;

namespace GreenServe.Tests.Serving.Load;

public sealed class SteadinessTests
{
    private static readonly MeasurementWindow Window = new(0, 100, "test");

    [Fact]
    public void Saturation_IsFound_WhenAServerTakesHalfOfWhatComes()
    {
        // A request every 0.1 s, a first token every 0.2 s: the line through the queue climbs half a request an arrival, 499.5 over 999.
        Steadiness steadiness = new();
        for (int index = 0; index < 1000; index++)
        {
            steadiness.Add(index * 0.1, (index * 0.2) + 0.05, 0.1, 100);
        }

        VerdictReason reason = steadiness.Saturation(unfinished: 0, drainSeconds: 600)!;

        Assert.Equal("saturated", reason.Code);
        Assert.Matches("the queue grew by (499|500) requests in 100 s by a fitted line \\(1000 arrivals\\)", reason.Message);
    }

    [Fact]
    public void Saturation_IsNotFound_WhenEachRequestIsServedBeforeTheNextTen()
    {
        Steadiness steadiness = new();
        for (int index = 0; index < 1000; index++)
        {
            steadiness.Add(index * 0.1, (index * 0.1) + 0.95, 0.95, 100);
        }

        Assert.Null(steadiness.Saturation(unfinished: 0, drainSeconds: 600));
        VerdictReason unfinished = steadiness.Saturation(unfinished: 3, drainSeconds: 600)!;
        Assert.Contains("3 requests were unfinished 600 s", unfinished.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1.0, false)]
    [InlineData(1.4, false)]
    [InlineData(1.6, true)]
    [InlineData(0.4, true)]
    public void Drift_OfAnOpenLoop_IsFoundInTheFirstToken(double secondHalf, bool isFound)
    {
        Steadiness steadiness = new();
        for (int index = 0; index < 1000; index++)
        {
            // Requests alternate a little, so that slices have no spread of their own: any ratio beyond the limit is beyond chance.
            double first = (index < 500 ? 0.2 : 0.2 * secondHalf) * (index % 2 == 0 ? 0.9 : 1.1);
            steadiness.Add(index * 0.1, (index * 0.1) + first, first, 100);
        }

        Assert.Equal(isFound ? "not-steady" : null, steadiness.Drift(Window, isClosedLoop: false, (_, _) => 0)?.Code);
    }

    [Fact]
    public void Drift_IsNotExpectedToBeAbsent_WhereTheLoadChangesByDesign()
    {
        Steadiness steadiness = new();
        for (int index = 0; index < 1000; index++)
        {
            // Twice the tokens in the second half, and three times the wait.
            steadiness.Add(index * 0.1, index * 0.1, index < 500 ? 0.1 : 0.3, index < 500 ? 100 : 200);
        }

        Assert.Null(steadiness.Drift(Window, isClosedLoop: false, (_, _) => 0));
    }

    [Theory]
    [InlineData(1.05, false)]
    [InlineData(1.2, true)]
    public void Drift_OfAClosedLoop_IsFoundInTheThroughput(double secondHalf, bool isFound)
    {
        Steadiness steadiness = new();
        for (int index = 0; index < 1000; index++)
        {
            steadiness.Add(index * 0.1, index * 0.1, 0.1, 100);
        }

        double Tokens(double start, double end) => (end - start) * (start < 50 ? 1000 : 1000 * secondHalf);

        Assert.Equal(isFound ? "not-steady" : null, steadiness.Drift(Window, isClosedLoop: true, Tokens)?.Code);
    }

    [Fact]
    public void Drift_SaysNothing_OfAFewRequests()
    {
        Steadiness steadiness = new();
        for (int index = 0; index < 50; index++)
        {
            steadiness.Add(index * 2, index * 2, index < 25 ? 0.1 : 1, 100);
        }

        Assert.Null(steadiness.Drift(Window, isClosedLoop: false, (_, _) => 0));
    }

    [Fact]
    public void Drift_IsRarelyFound_InTheNoiseOfASteadyLoad()
    {
        // Exponential first-token times scatter as much as their mean.
        Random random = new(1);
        int found = 0;
        for (int run = 0; run < 200; run++)
        {
            Steadiness steadiness = new();
            for (int index = 0; index < 200; index++)
            {
                steadiness.Add(index * 0.5, index * 0.5, -Math.Log(1 - random.NextDouble()), 100);
            }

            found += steadiness.Drift(Window, isClosedLoop: false, (_, _) => 0) is null ? 0 : 1;
        }

        // About 1 in 1,000 is expected by chance, and the difference must also exceed half of the mean.
        Assert.InRange(found, 0, 2);
    }
}
