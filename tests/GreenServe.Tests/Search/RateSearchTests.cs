using GreenServe.Records;
using GreenServe.Search;

namespace GreenServe.Tests.Search;

public sealed class RateSearchTests
{
    [Theory]
    [InlineData(1, 100, 37.3)]
    [InlineData(0.1, 50, 0.13)]
    [InlineData(5, 5.2, 5.1)]
    public async Task Find_ComesWithinTheResolution_OfASharpLimit(double lowest, double highest, double limit)
    {
        RateSearchOptions options = new() { Lowest = lowest, Highest = highest, ResolutionRatio = 0.02 };
        RateSearchResult result = await FindAsync(options, load => load <= limit);

        Assert.InRange(result.Highest!.Value, limit / 1.02, limit);
        Assert.InRange(result.LowestFailing!.Value, limit, result.Highest.Value * 1.02);
        Assert.Equal((3, 3), (result.Passes, result.Runs));
    }

    [Fact]
    public async Task Find_ReportsNothing_WhenTheLowestLoadFails()
    {
        RateSearchResult result = await FindAsync(new RateSearchOptions { Lowest = 1, Highest = 100 }, _ => false);

        Assert.Null(result.Highest);
        Assert.Equal(1, result.LowestFailing);

        // Two of three failures are a majority: the third run would tell nothing.
        Assert.Equal(2, result.Trials.Count);
    }

    [Fact]
    public async Task Find_StopsAtTheHighestLoad_WhenEverythingPasses()
    {
        RateSearchResult result = await FindAsync(new RateSearchOptions { Lowest = 3, Highest = 20 }, _ => true);

        Assert.Equal(20, result.Highest);
        Assert.Null(result.LowestFailing);
        Assert.Equal([3, 6, 12, 20], result.Trials.Select(trial => trial.Load).Distinct());
    }

    [Fact]
    public async Task Find_LooksAtWholeNumbersOnly_WhereUsersAreCounted()
    {
        RateSearchResult result = await FindAsync(
            new RateSearchOptions { Lowest = 1, Highest = 64, IsWhole = true, ResolutionRatio = 0.001 }, load => load <= 23);

        Assert.Equal((23, 24), (result.Highest, result.LowestFailing));
        Assert.All(result.Trials, trial => Assert.Equal(Math.Round(trial.Load), trial.Load));
    }

    [Fact]
    public async Task Find_DecidesByMajority_WhenRunsDisagree()
    {
        RateSearchResult result = await new RateSearch(
            new RateSearchOptions { Lowest = 1, Highest = 8, Repetitions = 3 },
            (load, repetition, _) => Task.FromResult(new RateTrial(
                load, repetition, load <= 4 && (load < 4 || repetition != 0), "", EvidenceKind.Simulated)))
            .FindAsync(CancellationToken.None);

        Assert.Equal(4, result.Trials.Where(trial => trial.Load <= 4).Max(trial => trial.Load));
        int passed = result.Trials.Count(trial => trial is { Load: 4, Passes: true });
        Assert.Equal((2, 3), (passed, result.Trials.Count(trial => trial.Load == 4)));
    }

    [Fact]
    public void PassProbability_IsWilsonsInterval()
    {
        RateSearchResult result = new() { Trials = [], Passes = 3, Runs = 3 };

        // n = p̂ = 3/3: (1 + z²/2n ± z sqrt(z²/4n²)) / (1 + z²/n), so from 1 / (1 + z²/3) to 1.
        Assert.Equal(1 / (1 + (1.96 * 1.96 / 3)), result.PassProbability.Low, 1e-3);
        Assert.Equal(1, result.PassProbability.High, 1e-9);
    }

    [Theory]
    [InlineData(0, 10, 0.05, 3)]
    [InlineData(10, 5, 0.05, 3)]
    [InlineData(1, 10, 0, 3)]
    [InlineData(1, 10, 0.05, 2)]
    [InlineData(double.NaN, 10, 0.05, 3)]
    public async Task Find_RefusesContradictoryOptions(double lowest, double highest, double resolution, int repetitions) =>
        await Assert.ThrowsAsync<InvalidInputException>(() => FindAsync(
            new RateSearchOptions { Lowest = lowest, Highest = highest, ResolutionRatio = resolution, Repetitions = repetitions },
            _ => true));

    private static Task<RateSearchResult> FindAsync(RateSearchOptions options, Func<double, bool> passes) => new RateSearch(
        options, (load, repetition, _) => Task.FromResult(new RateTrial(load, repetition, passes(load), "", EvidenceKind.Simulated)))
        .FindAsync(CancellationToken.None);
}
