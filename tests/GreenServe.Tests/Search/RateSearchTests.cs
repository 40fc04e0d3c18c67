using GreenServe.Analysis.Advising;
using GreenServe.Records;
using GreenServe.Records.Slos;
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

        // Two of three failures are a majority, but a load that is reported has all its runs.
        Assert.Equal((3, 3, 3), (result.Trials.Count, result.Misses, result.FailingRuns));
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
        RateSearchResult result = new() { Trials = [.. Enumerable.Range(0, 3).Select(run => Trial(1, run, ratio: 0.5))], Highest = 1 };

        // n = p̂ = 3/3: (1 + z²/2n ± z sqrt(z²/4n²)) / (1 + z²/n), so from 1 / (1 + z²/3) to 1.
        Assert.Equal(1 / (1 + (1.96 * 1.96 / 3)), result.PassProbability.Low, 1e-3);
        Assert.Equal(1, result.PassProbability.High, 1e-9);
    }

    [Fact]
    public void Result_NamesTheMiddleRun_WhichTheMajorityTurnsOn()
    {
        RateSearchResult result = new()
        {
            Trials =
            [
                Trial(4, 0, ratio: 0.7), Trial(4, 1, ratio: 1.3), Trial(4, 2, ratio: 0.9),
                Trial(5, 0, ratio: 1.1), Trial(5, 1, ratio: 1.4) with { Overload = "the queue grew" }, Trial(5, 2, ratio: 0.8),
            ],
            Highest = 4,
            LowestFailing = 5,
        };

        // Of 0.7, 0.9 and 1.3 the middle one passes. Of 0.8, 1.1 and an overload the middle one fails.
        Assert.Equal((2, 0.9), (result.DecidedHighest!.Repetition, result.DecidedHighest.Tightest!.Ratio));
        Assert.Equal((0, 1.1), (result.DecidedFailing!.Repetition, result.DecidedFailing.Tightest!.Ratio));
        Assert.Equal((2, 3, 2, 3), (result.Passes, result.Runs, result.Misses, result.FailingRuns));
    }

    [Fact]
    public void Result_GivesTheIntervalInWhichRunsDisagree()
    {
        RateSearchResult result = new()
        {
            Trials =
            [
                Trial(1, 0, ratio: 0.5), Trial(1, 1, ratio: 0.5), Trial(2, 0, ratio: 0.9), Trial(2, 1, ratio: 0.8),
                Trial(3, 0, ratio: 1.2), Trial(3, 1, ratio: 0.95), Trial(4, 0, ratio: 1.5), Trial(4, 1, ratio: 1.4),
                Trial(8, 0, ratio: 3), Trial(8, 1, ratio: 3),
            ],
            Highest = 2,
            LowestFailing = 3,
        };

        Assert.Equal((2.0, 4.0), (result.EveryRunMeets, result.EveryRunMisses));
        Assert.Empty(result.Inversions);
    }

    [Fact]
    public void Result_FindsTheRun_ThatMetTheSloAboveALoadAtWhichItMissedIt()
    {
        RateSearchResult result = new()
        {
            Trials =
            [
                Trial(2, 0, ratio: 0.9), Trial(2, 1, ratio: 1.1), Trial(3, 0, ratio: 0.95), Trial(3, 1, ratio: 0.98),
                Trial(4, 1, ratio: 2),
            ],
            Highest = 3,
            LowestFailing = 4,
        };

        (RateTrial missed, RateTrial met) = Assert.Single(result.Inversions);
        Assert.Equal((1, 2.0, 3.0), (met.Repetition, missed.Load, met.Load));

        // A run at 2 missed the SLO, and no other load below was tried.
        Assert.Null(result.EveryRunMeets);
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

    private static RateTrial Trial(double load, int repetition, double ratio)
    {
        LimitMargin margin = new() { Metric = SloMetric.Ttft, Percentile = 99, LimitSeconds = 1, FoundSeconds = ratio, Ratio = ratio };
        return new RateTrial(load, repetition, ratio <= 1, "", EvidenceKind.Simulated)
        {
            Tightest = new TightestLimit(margin, ratio, Requests: 1000),
        };
    }
}
