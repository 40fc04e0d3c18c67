using GreenServe.Search.Advising.Findings;

namespace GreenServe.Tests.Search.Advising.Findings;

public sealed class LeastProbabilityTests
{
    [Fact]
    public void Of_IsCertain_WhereOneIsLessInEveryPair_HoweverMuchTheRepetitionsDiffer()
    {
        // Independent draws of these means would call it about even.
        double[] first = [1, 2, 3, 4];
        double[] second = [.. first.Select(value => value + 0.01)];

        Assert.Equal([1, 0], LeastProbability.Of([first, second], root: null));
    }

    [Fact]
    public void Of_FollowsStudentsT_OfThePairedDifferences()
    {
        double[] zero = [0, 0, 0];
        double[] differences = [0, 1, 2];

        // Mean 1, standard error 1 / sqrt(3), so t = sqrt(3) with two degrees of freedom: P(T < t) = 1/2 + t / (2 sqrt(2 + t^2)) = 0.887.
        double expected = 0.5 + (Math.Sqrt(3) / (2 * Math.Sqrt(5)));
        Assert.Equal(expected, LeastProbability.Of([zero, differences], root: null)[0], tolerance: 0.02);
    }

    [Fact]
    public void Of_FollowsTheNormalLaw_OfTheSimulatorsErrors()
    {
        double[,] root = { { 0.1, 0 }, { 0, 0.1 } };

        // A difference of 0.1 with a standard deviation of 0.1 sqrt(2): the normal law at 0.7071 is 0.760.
        Assert.Equal(0.760, LeastProbability.Of([[0, 0], [0.1, 0.1]], root)[0], tolerance: 0.02);

        // An error that both share moves neither past the other.
        Assert.Equal([1, 0], LeastProbability.Of([[0, 0], [0.1, 0.1]], new[,] { { 5.0 }, { 5.0 } }));
    }
}
