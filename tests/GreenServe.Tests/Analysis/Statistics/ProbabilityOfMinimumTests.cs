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

    [Fact]
    public void OfPairs_IsCertain_WhereOneIsLessInEveryPair_HoweverMuchTheRepetitionsDiffer()
    {
        // Independent draws of these means would call it about even.
        double[] first = [1, 2, 3, 4];
        double[] second = [.. first.Select(value => value + 0.01)];

        Assert.Equal([1, 0], ProbabilityOfMinimum.OfPairs([first, second]));
    }

    [Fact]
    public void OfPairs_SharesWhatIsEqual_InEveryRun() =>
        Assert.Equal([0.5, 0, 0.5], ProbabilityOfMinimum.OfPairs([[1, 2, 3], [2, 3, 4], [1, 2, 3]]));

    [Fact]
    public void OfPairs_FollowsStudentsT_OfThePairedDifferences()
    {
        double[] zero = [0, 0, 0];
        double[] differences = [0, 1, 2];

        // Mean 1, standard error 1 / sqrt(3), so t = sqrt(3) with two degrees of freedom: P(T < t) = 1/2 + t / (2 sqrt(2 + t^2)) = 0.887.
        double expected = 0.5 + (Math.Sqrt(3) / (2 * Math.Sqrt(5)));
        Assert.Equal(expected, ProbabilityOfMinimum.OfPairs([zero, differences])[0], tolerance: 0.02);
    }

    [Fact]
    public void OfPairs_FollowsTheNormalLaw_OfGivenErrors()
    {
        double[,] errors = { { 0.1, 0 }, { 0, 0.1 } };

        // A difference of 0.1 with a standard deviation of 0.1 sqrt(2): the normal law at 0.7071 is 0.760.
        Assert.Equal(0.760, ProbabilityOfMinimum.OfPairs([[0, 0], [0.1, 0.1]], errors)[0], tolerance: 0.02);

        // An error that both share moves neither past the other.
        Assert.Equal([1, 0], ProbabilityOfMinimum.OfPairs([[0, 0], [0.1, 0.1]], new[,] { { 5.0 }, { 5.0 } }));
    }
}
