using GreenServe.Workloads.Randomness;

namespace GreenServe.Tests.Workloads.Randomness;

public sealed class RandomSequenceTests
{
    private const int Draws = 100_000;

    // A mean of n draws is off by more than four standard errors once in 16,000 seeds, and the seed is fixed.
    private const double StandardErrors = 4;

    [Fact]
    public void NextBits_FollowsXoshiro256StarStar_FromAKnownState()
    {
        RandomSequence random = new(1, 2, 3, 4);

        // First: rotl(2·5, 7)·9 = 1280·9. Then state1 = 2^(3^1) = 0 gives 0. The others are worked out in the same way.
        Assert.Equal([11520UL, 0UL, 1509978240UL, 1215971899390074240UL], Enumerable.Range(0, 4).Select(_ => random.NextBits()));
    }

    [Fact]
    public void NextBits_DependsOnNameAndSeedAlone()
    {
        Assert.Equal(First("arrival", 1), First("arrival", 1));
        Assert.NotEqual(First("arrival", 1), First("arrival", 2));
        Assert.NotEqual(First("arrival", 1), First("input", 1));
    }

    [Fact]
    public void NextUniform_StaysInsideTheOpenInterval_AtBothEndsOfTheBits()
    {
        // The largest and the smallest 52 bits plus half a step.
        Assert.True(((1UL << 52) - 1 + 0.5) * (1.0 / (1UL << 52)) < 1);
        Assert.All(Many(random => random.NextUniform()), value => Assert.InRange(value, double.Epsilon, 1 - 1e-17));
    }

    [Fact]
    public void NextUniform_HasMeanAndVarianceOfTheUniform() =>
        AssertMoments(random => random.NextUniform(), mean: 0.5, variance: 1.0 / 12);

    [Fact]
    public void NextExponential_HasMeanAndVarianceOne() => AssertMoments(random => random.NextExponential(), mean: 1, variance: 1);

    [Fact]
    public void NextNormal_HasMeanZeroAndVarianceOne() => AssertMoments(random => random.NextNormal(), mean: 0, variance: 1);

    [Theory]
    [InlineData(0.3)]
    [InlineData(1)]
    [InlineData(7.5)]
    public void NextGamma_HasMeanAndVarianceOfItsShape(double shape) => AssertMoments(random => random.NextGamma(shape), shape, shape);

    [Fact]
    public void NextIndex_GivesEachIndexEquallyOften()
    {
        int[] counts = new int[7];
        foreach (int index in Many(random => random.NextIndex(counts.Length)))
        {
            counts[index]++;
        }

        double expected = Draws / 7.0;
        Assert.All(
            counts,
            count => Assert.InRange(
                count, expected - (StandardErrors * Math.Sqrt(expected)), expected + (StandardErrors * Math.Sqrt(expected))));
    }

    private static ulong First(string name, ulong seed) => new RandomSequence(name, seed).NextBits();

    private static T[] Many<T>(Func<RandomSequence, T> draw)
    {
        RandomSequence random = new("test", 1);
        return [.. Enumerable.Range(0, Draws).Select(_ => draw(random))];
    }

    private static void AssertMoments(Func<RandomSequence, double> draw, double mean, double variance)
    {
        double[] values = Many(draw);
        double foundMean = values.Average();
        double[] squares = [.. values.Select(value => (value - mean) * (value - mean))];
        double squareSpread = Math.Sqrt(squares.Average(square => square * square) - (squares.Average() * squares.Average()));

        Assert.Equal(mean, foundMean, StandardErrors * Math.Sqrt(variance / Draws));
        Assert.Equal(variance, squares.Average(), StandardErrors * squareSpread / Math.Sqrt(Draws));
    }
}
