using GreenServe.Analysis.Statistics;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Random;

namespace GreenServe.Tests.Analysis.Statistics;

public sealed class ChangePointsTests
{
    [Fact]
    public void Of_FindsBothSteps_WhenTheLevelChangesTwice()
    {
        MersenneTwister random = new(3);
        double[] values = [.. Enumerable.Range(0, 30)
            .Select(index => (index < 10 ? 100 : index < 20 ? 105 : 98) + Normal.Sample(random, 0, 1))];

        Assert.Equal([10, 20], ChangePoints.Of(values));
    }

    [Fact]
    public void Of_FindsNothing_WhenOneValueIsAnOutlier()
    {
        MersenneTwister random = new(5);
        double[] values = [.. Enumerable.Range(0, 20).Select(index => (index == 9 ? 110 : 100) + Normal.Sample(random, 0, 1))];

        Assert.Empty(ChangePoints.Of(values));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Of_FindsNothing_WhenTheSeriesIsTooShort(int length) =>
        Assert.Empty(ChangePoints.Of([.. Enumerable.Range(0, length).Select(index => (double)index)]));

    [Fact]
    public void Of_FindsNothing_WhenTheSeriesIsFlat() => Assert.Empty(ChangePoints.Of([.. Enumerable.Repeat(7.0, 40)]));

    [Fact]
    public void Of_RarelyFindsAnything_WhenThereIsOnlyNoise()
    {
        MersenneTwister random = new(17);

        double[] Noise() => [.. Enumerable.Range(0, 20).Select(_ => Normal.Sample(random, 0, 1))];
        int alarms = Enumerable.Range(0, 300).Count(_ => ChangePoints.Of(Noise()).Count > 0);

        // 1 % of 300 is 3; nine is four standard deviations more.
        Assert.InRange(alarms, 0, 9);
    }
}
