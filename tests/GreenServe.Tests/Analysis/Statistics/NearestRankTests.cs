using CsCheck;
using GreenServe.Analysis.Statistics;

namespace GreenServe.Tests.Analysis.Statistics;

public sealed class NearestRankTests
{
    [Theory]
    [InlineData(50, 2)]   // ceil(0.50 * 4) = 2nd value
    [InlineData(75, 3)]
    [InlineData(76, 4)]
    [InlineData(100, 4)]
    [InlineData(0.1, 1)]
    public void Of_TakesTheRankedValue_WhenSorted(double percentile, double expected) =>
        Assert.Equal(expected, NearestRank.Of([1.0, 2, 3, 4], percentile));

    [Fact]
    public void Of_TakesThe99thOf100_WhenTheProductIsNotExact()
    {
        double[] values = [.. Enumerable.Range(1, 100).Select(value => (double)value)];

        Assert.Equal(99, NearestRank.Of(values, 99));
    }

    [Fact]
    public void Of_GivesNothing_WhenThereAreNoValues() => Assert.Null(NearestRank.Of(Array.Empty<double>(), 99));

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    [InlineData(double.NaN)]
    public void Of_Throws_WhenThePercentileIsOutOfRange(double percentile) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => NearestRank.Of([1.0], percentile));

    [Fact]
    public void Of_LeavesAtLeastThePercentileAtOrBelow_Always() =>
        Gen.Select(Gen.Double[0, 100].Array[1, 50], Gen.Int[1, 100]).Sample((values, percentile) =>
        {
            Array.Sort(values);
            double found = NearestRank.Of(values, percentile)!.Value;

            int atOrBelow = values.Count(value => value <= found);
            int below = values.Count(value => value < found);
            Assert.True(100L * atOrBelow >= (long)percentile * values.Length);
            Assert.True(100L * below < (long)percentile * values.Length);
        });

    [Fact]
    public void Of_AgreesWithTheExpandedValues_WhenTheyAreCounted()
    {
        (double Value, long Count)[] counted = [(1, 3), (2, 1), (5, 6)];
        double[] expanded = [1, 1, 1, 2, 5, 5, 5, 5, 5, 5];

        Assert.All(
            Enumerable.Range(1, 100),
            percentile => Assert.Equal(NearestRank.Of(expanded, percentile), NearestRank.Of(counted, percentile)));
    }
}
