using GreenServe.Analysis.Statistics;

namespace GreenServe.Tests.Analysis.Statistics;

public sealed class ProbabilityOfMinimumTests
{
    [Fact]
    public void Of_IsEvenlySplit_WhenTwoPointsAreEqual()
    {
        MeanInterval even = MeanInterval.Of([9, 10, 11])!;

        IReadOnlyList<double> probabilities = ProbabilityOfMinimum.Of([even, even, MeanInterval.Of([99, 100, 101])!])!;

        Assert.InRange(probabilities[0], 0.45, 0.55);
        Assert.Equal(1, probabilities.Sum(), 1e-12);
        Assert.True(probabilities[2] < 0.01);
    }

    [Fact]
    public void Of_CannotTell_WhenAPointRanOnce() =>
        Assert.Null(ProbabilityOfMinimum.Of([MeanInterval.Of([1])!, MeanInterval.Of([2, 3])!]));
}
