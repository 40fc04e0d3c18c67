using CsCheck;
using GreenServe.Search.Advising.Capacities;

namespace GreenServe.Tests.Search.Advising.Capacities;

public sealed class ThresholdTests
{
    private static readonly Gen<(int Guess, int Lowest, int Length, int Step, int First)> Searches = Gen.Select(
        Gen.Int[-50, 250], Gen.Int[-100, 100], Gen.Int[0, 100], Gen.Int[1, 10], Gen.Int[-120, 220]);

    [Fact]
    public void Lowest_FindsTheFirstNumber_ForWhichTheTestHolds() => Searches.Sample(search =>
    {
        int highest = search.Lowest + search.Length;

        int? found = Threshold.Lowest(search.Guess, search.Lowest, highest, search.Step, number => number >= search.First);

        // Nothing below the range is looked at, and nothing above it is found.
        Assert.Equal(search.First > highest ? null : Math.Max(search.First, search.Lowest), found);
    });

    [Fact]
    public void Highest_FindsTheLastNumber_ForWhichTheTestHolds() => Searches.Sample(search =>
    {
        int highest = search.Lowest + search.Length;

        int? found = Threshold.Highest(search.Guess, search.Lowest, highest, search.Step, number => number <= search.First);

        Assert.Equal(search.First < search.Lowest ? null : Math.Min(search.First, highest), found);
    });

    [Fact]
    public void Lowest_TriesNoNumberTwice_AndStaysInTheRange() => Searches.Sample(search =>
    {
        int highest = search.Lowest + search.Length;
        List<int> tried = [];

        Threshold.Lowest(search.Guess, search.Lowest, highest, search.Step, number =>
        {
            tried.Add(number);
            return number >= search.First;
        });

        Assert.Equal(tried.Count, tried.Distinct().Count());
        Assert.All(tried, number => Assert.InRange(number, search.Lowest, highest));
    });

    [Fact]
    public void Lowest_NeedsTwoTests_WhereTheGuessIsRight()
    {
        int tests = 0;

        int? found = Threshold.Lowest(guess: 40, lowest: 1, highest: 1000, step: 1, number =>
        {
            tests++;
            return number >= 40;
        });

        // 40 holds and 39 does not.
        Assert.Equal(40, found);
        Assert.Equal(2, tests);
    }

    [Fact]
    public void Lowest_FindsNothing_InAnEmptyRange() =>
        Assert.Null(Threshold.Lowest(guess: 1, lowest: 2, highest: 1, step: 1, _ => true));
}
