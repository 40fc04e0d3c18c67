namespace GreenServe.Search.Advising.Searching;

/// <summary>
/// Tries settings that may be better than the best of full length until none is: in turn the neighbours of the best along one axis and
/// along two, and settings anywhere in the grid whose corrected estimate is as good.
/// </summary>
/// <param name="landscape">What is simulated.</param>
/// <param name="log">Keeps the simulations.</param>
/// <param name="screen">Ranks settings that were not simulated.</param>
/// <param name="reserved">Simulations that must be left.</param>
internal sealed class Polishing(SearchLandscape landscape, TrialLog log, SettingScreen screen, int reserved)
{
    /// <summary>Kinds whose best settings have their neighbours tried.</summary>
    private const int Leaders = 3;

    /// <summary>Settings that are simulated at once.</summary>
    private const int BatchSize = 12;

    /// <summary>Batches without a better setting after which the search ends.</summary>
    private const int Patience = 8;

    /// <summary>Settings anywhere in the grid that are looked at.</summary>
    private const int Anywhere = 4000;

    /// <summary>A prediction of the objective may be too high by this factor.</summary>
    private const double HopefulObjective = 1.03;

    /// <summary>A prediction of the objective of a neighbour of the best along one axis may be too high by this factor.</summary>
    private const double BesideBestObjective = 1.1;

    /// <summary>A prediction of a latency may be too high by this factor.</summary>
    private const double HopefulRatio = 1.5;

    private readonly (long Number, int[] Place)[] promising =
        [.. screen.Promising(Anywhere, landscape).Select(number => (number, landscape.Space.CoordinatesOf(number)))];

    private int FullLength => landscape.Rungs[^1];

    /// <summary>Searches.</summary>
    internal void Run()
    {
        int failures = 0;
        while (failures < Patience && log.Left > reserved && Ranked() is [{ Score: var best }, ..] ranked)
        {
            // After a better setting its own neighbours come first.
            long[] candidates = failures == 0 ? Candidates(BesideBest(ranked), best, BesideBestObjective, double.PositiveInfinity) : [];
            for (int turn = failures; candidates.Length == 0 && turn < failures + 2; turn++)
            {
                candidates = Candidates(turn % 2 == 0 ? Near(ranked) : AnywhereIn(), best, HopefulObjective, HopefulRatio);
            }

            if (candidates.Length == 0)
            {
                return;
            }

            log.Run(candidates, FullLength);
            failures = SettingScore.Compare(Ranked()[0].Score, best) < 0 ? 0 : failures + 1;
        }
    }

    private SettingTrial[] Ranked() => [.. log.Full.OrderBy(trial => trial.Score, SettingScore.BestFirst)];

    /// <summary>Settings that were not simulated at full length and may be better than the best, the most promising first.</summary>
    private long[] Candidates(
        IEnumerable<(long Number, SettingScore Score)> predicted, SettingScore best, double hopefulObjective, double hopefulRatio)
    {
        bool IsHopeful(SettingScore score) => best.IsFeasible
            ? score.Objective < hopefulObjective * best.Objective && score.WorstRatio < hopefulRatio
            : score.WorstRatio < hopefulRatio * best.WorstRatio;
        return
        [
            .. predicted.Where(item => IsHopeful(item.Score) && log.TrialOf(item.Number, FullLength) is null)
                .DistinctBy(item => item.Number)
                .OrderBy(item => item.Score.WithLatencies(1 / HopefulRatio), SettingScore.BestFirst)
                .ThenBy(item => item.Number)
                .Take(Math.Min(BatchSize, log.Left - reserved))
                .Select(item => item.Number),
        ];
    }

    private IEnumerable<(long Number, SettingScore Score)> BesideBest(SettingTrial[] ranked) =>
        Neighbours.Beside(landscape.Space, ranked[0].Number)
            .Where(screen.Contains)
            .Select(number => (number, screen.Predict(number, ranked[0])));

    /// <summary>Neighbours of the best settings with what the estimate says of their difference from those.</summary>
    private IEnumerable<(long Number, SettingScore Score)> Near(SettingTrial[] ranked) =>
        ranked.DistinctBy(trial => landscape.Kind(trial.Number)).Take(Leaders)
            .SelectMany(leader => Neighbours.Of(landscape.Space, leader.Number)
                .Where(screen.Contains)
                .Select(number => (number, screen.Predict(number, leader))));

    private IEnumerable<(long Number, SettingScore Score)> AnywhereIn()
    {
        CorrectedScreen corrected = new(landscape.Space, screen, log.Full);
        return promising.Select(item => (item.Number, corrected.At(item.Number, item.Place)));
    }
}
