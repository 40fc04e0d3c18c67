using GreenServe.Records.Systems;
using GreenServe.Search.Advising.Searching;
using GreenServe.Search.Advising.Spaces;

namespace GreenServe.Tests.Search.Advising.Searching;

/// <summary>Tests on landscapes with a closed form: three axes of 15 places each, 3,375 settings.</summary>
public sealed class GridSearchTests
{
    private const int Places = 15;

    private static readonly SettingSearchOptions Options = new() { GpuLimit = 1 };

    [Fact]
    public void Run_FindsTheMinimum_WhenTheEstimateIsOff()
    {
        // The least within the limit: at (13, 5, 9) the ratio is 13 / 12, so the least is at (12, 5, 9) with 100 + 1.
        GridSearch search = new(
            Landscape(Bowl, place => (0.5 * Bowl(place)) + (3 * place[2]), place => place[0] / 12.0, place => place[0] / 9.0),
            Options,
            CancellationToken.None);

        search.Run();

        Assert.Equal(101, search.Finalists[0].MeanScore.Objective);
        Assert.False(search.IsExact);
        Assert.InRange(search.Trials.Count, 1, 400);
    }

    [Fact]
    public void Run_FindsTheNearest_WhenNothingMeetsTheSlo()
    {
        // The ratio is least, 1.5, where the first place is 0.
        GridSearch search = new(
            Landscape(Bowl, Bowl, place => 1.5 + place[0], place => 1 + (0.5 * place[0])), Options, CancellationToken.None);

        search.Run();

        Assert.Equal(1.5, search.Finalists[0].MeanScore.WorstRatio);
        Assert.False(search.Finalists[0].MeanScore.IsFeasible);
    }

    [Fact]
    public void Run_GivesTheSameTrials_WhenItRunsAgain()
    {
        SearchLandscape landscape = Landscape(Bowl, place => Bowl(place) + place[1], _ => 0.5, _ => 0.5);

        long[][] runs = [.. Enumerable.Range(0, 2).Select(_ =>
        {
            GridSearch search = new(landscape, Options, CancellationToken.None);
            search.Run();
            return search.Trials.Select(trial => trial.Number).ToArray();
        })];

        Assert.Equal(runs[0], runs[1]);
    }

    [Fact]
    public void Run_KeepsTheSimplest_WhenSettingsAreEqual()
    {
        // The third axis changes nothing, and its place 7 is the default.
        SearchLandscape landscape = Landscape(place => 100 + place[0] + place[1], place => 100 + place[0] + place[1], _ => 0.5, _ => 0.5);
        SettingSpace space = landscape.Space;
        GridSearch search = new(
            landscape with { Complexity = number => space.CoordinatesOf(number)[2] == 7 ? 0 : 1 }, Options, CancellationToken.None);

        search.Run();

        Assert.Equal([0, 0, 7], space.CoordinatesOf(search.Finalists[0].Number));
    }

    [Fact]
    public void Run_RepeatsNearMisses_WhenTheyCostLess()
    {
        GridSearch search = new(
            Landscape(place => 100 - place[0], place => 100 - place[0], place => place[0] / 10.0, place => place[0] / 10.0),
            Options,
            CancellationToken.None);

        search.Run();

        // Up to 10 the limit holds. Each place beyond misses it by more and costs less, so that each is a near-miss.
        SettingFinalist[] missed = [.. search.Finalists.Where(finalist => !finalist.MeanScore.IsFeasible)];
        Assert.Equal(90, search.Finalists[0].MeanScore.Objective);
        Assert.NotEmpty(missed);
        Assert.All(missed, finalist => Assert.True(finalist.MeanScore.Objective < 90));
        Assert.All(search.Finalists, finalist => Assert.Equal(Options.Repetitions, finalist.Repetitions.Count));
    }

    [Fact]
    public void Run_RepeatsEveryFinalist_WhenItTriesAllSettings()
    {
        // Of 15 settings the last 4 miss the limit and cost less. The estimate prefers the first one, which is no finalist.
        SettingSearchOptions options = Options with { Finalists = 3, NearMisses = 2, Repetitions = 5 };
        GridSearch search = new(
            Landscape(place => 100 - place[2], place => place[2], place => place[2] / 10.0, _ => 0.5) with
            {
                Possible = [.. Enumerable.Range(0, Places).Select(number => (long)number)],
            },
            options,
            CancellationToken.None);

        search.Run();

        // Five runs of the first setting, one of each of the other 14, and four more of each of 3 finalists and 2 near-misses.
        Assert.Equal([12, 11, 10, 9, 8], search.Finalists.Select(finalist => finalist.Number).OrderDescending());
        Assert.Equal(5 + 14 + (5 * 4), search.Trials.Count);
        Assert.True(search.IsExact);
    }

    [Fact]
    public void Run_ReturnsWhatItHas_WhenItIsStopped()
    {
        using CancellationTokenSource source = new();
        List<SettingSearchProgress> told = [];
        SettingSearchOptions options = Options with
        {
            Progress = progress =>
            {
                told.Add(progress);
                if (told.Count == 30)
                {
                    source.Cancel();
                }
            },
        };
        GridSearch search = new(Landscape(Bowl, Bowl, _ => 0.5, _ => 0.5), options, source.Token);

        search.Run();

        Assert.True(search.IsCancelled);
        Assert.Equal(told.Count, search.Trials.Count);
        Assert.Equal(Enumerable.Range(1, told.Count), told.Select(progress => progress.Simulations));
        Assert.Empty(search.Finalists);
    }

    /// <summary>100 at (13, 5, 9), and more by the squares of the distances.</summary>
    private static double Bowl(int[] place) => 100 + Square(place[0] - 13) + (2 * Square(place[1] - 5)) + (0.5 * Square(place[2] - 9));

    private static double Square(double value) => value * value;

    private static SearchLandscape Landscape(
        Func<int[], double> objective, Func<int[], double> estimate, Func<int[], double> ratio, Func<int[], double> estimatedRatio)
    {
        SettingAxis[] axes =
        [
            .. Enumerable.Range(0, 3).Select(axis => new SettingAxis(
                $"axis {axis}", [.. Enumerable.Range(0, Places).Select(place => new SettingValue($"{place}", setting => setting))])),
        ];
        ServingSetting start = new() { Gpu = "none", Engine = "none", Model = "none" };
        SettingSpace space = new(start, axes);
        return new SearchLandscape
        {
            Space = space,
            Possible = [.. Enumerable.Range(0, (int)space.Count).Select(number => (long)number)],
            Rungs = [250, 1000],
            Run = (number, repetition, requests) => new SettingTrial(
                number, start, repetition, requests, requests == 1000, Score(space.CoordinatesOf(number), objective, ratio), null!),
            Estimate = number => Score(space.CoordinatesOf(number), estimate, estimatedRatio),
            Kind = _ => 0,
            Complexity = _ => 0,
        };
    }

    private static SettingScore Score(int[] place, Func<int[], double> objective, Func<int[], double> ratio) =>
        new(objective(place), ratio(place));
}
