using CsCheck;
using GreenServe.Records.Requests;

namespace GreenServe.Tests.Records.Requests;

public sealed class LengthTallyTests
{
    [Fact]
    public void PercentileTokens_IsTheNearestRank_OfAnyLengths() => Gen.Int[1, 50].Array[1, 100].Sample(lengths =>
    {
        LengthTally tally = new();
        Array.ForEach(lengths, tally.Add);
        int[] sorted = [.. lengths.Order()];

        // Nearest rank: the value at place ceil(p n), counted from 1.
        Assert.Equal(sorted[(int)Math.Ceiling(0.5 * lengths.Length) - 1], tally.PercentileTokens(50));
        Assert.Equal(sorted[^1], tally.PercentileTokens(100));
        Assert.Equal(lengths.Average(), tally.MeanTokens!.Value, tolerance: 1e-9);
    });

    [Fact]
    public void PercentileTokens_IsAbsent_WithoutLengths()
    {
        Assert.Null(new LengthTally().PercentileTokens(50));
        Assert.Null(new LengthTally().MeanTokens);
    }
}
