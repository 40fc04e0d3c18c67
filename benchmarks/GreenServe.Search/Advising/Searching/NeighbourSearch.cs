using GreenServe.Search.Advising.Spaces;

namespace GreenServe.Search.Advising.Searching;

/// <summary>
/// Tries the neighbours of the best settings, along one axis and along two at a time, until none is better. Neighbours are ranked by what
/// the estimate says of their difference from the setting that was simulated.
/// </summary>
internal static class NeighbourSearch
{
    /// <summary>Settings whose neighbours are tried.</summary>
    private const int Leaders = 3;

    /// <summary>Neighbours that are simulated at once.</summary>
    private const int BatchSize = 12;

    /// <summary>Batches without a better setting after which the search ends.</summary>
    private const int Patience = 3;

    /// <summary>Axes with at most so many values are tried at each of them, longer ones at the next values.</summary>
    private const int ShortAxis = 8;

    private const double HopefulObjective = 1.03;
    private const double HopefulRatio = 1.5;

    /// <summary>Searches.</summary>
    /// <param name="landscape">What is simulated.</param>
    /// <param name="log">Keeps the simulations.</param>
    /// <param name="screen">Ranks settings that were not simulated.</param>
    /// <param name="reserved">Simulations that must be left.</param>
    internal static void Run(SearchLandscape landscape, TrialLog log, SettingScreen screen, int reserved)
    {
        int failures = 0;
        while (failures < Patience && log.Left > reserved)
        {
            SettingTrial[] ranked = Ranked(log);
            if (ranked.Length == 0)
            {
                return;
            }

            long[] candidates =
            [
                .. Candidates(landscape, log, screen, ranked).Take(Math.Min(BatchSize, log.Left - reserved)),
            ];
            if (candidates.Length == 0)
            {
                return;
            }

            log.Run(candidates, landscape.Rungs[^1]);
            failures = SettingScore.Compare(Ranked(log)[0].Score, ranked[0].Score) < 0 ? 0 : failures + 1;
        }
    }

    private static SettingTrial[] Ranked(TrialLog log) =>
        [.. log.Full.Order(Comparer<SettingTrial>.Create((left, right) => SettingScore.Compare(left.Score, right.Score)))];

    /// <summary>Neighbours of the best settings that were not simulated at full length, the most promising first.</summary>
    private static IEnumerable<long> Candidates(SearchLandscape landscape, TrialLog log, SettingScreen screen, SettingTrial[] ranked)
    {
        SettingScore best = ranked[0].Score;
        Dictionary<long, SettingScore> predicted = [];
        foreach (SettingTrial leader in ranked.DistinctBy(trial => trial.Score).Take(Leaders))
        {
            foreach (long number in NeighboursOf(landscape.Space, leader.Number).Where(screen.Contains))
            {
                if (log.TrialOf(number, landscape.Rungs[^1]) is null)
                {
                    predicted.TryAdd(number, screen.Predict(number, leader));
                }
            }
        }

        return predicted.Where(pair => IsHopeful(pair.Value, best))
            .OrderBy(pair => pair.Value with { WorstRatio = pair.Value.WorstRatio / HopefulRatio }, Comparer<SettingScore>.Create(SettingScore.Compare))
            .ThenBy(pair => pair.Key)
            .DistinctBy(pair => pair.Value)
            .Select(pair => pair.Key);
    }

    private static bool IsHopeful(SettingScore predicted, SettingScore best) => best.IsFeasible
        ? predicted.Objective < HopefulObjective * best.Objective && predicted.WorstRatio < HopefulRatio
        : predicted.WorstRatio < HopefulRatio * best.WorstRatio;

    /// <summary>The settings that differ from one along one axis or two.</summary>
    private static IEnumerable<long> NeighboursOf(SettingSpace space, long number)
    {
        int[] coordinates = space.CoordinatesOf(number);
        for (int first = 0; first < coordinates.Length; first++)
        {
            foreach (int place in PlacesNear(space.Axes[first], coordinates[first]))
            {
                int[] moved = [.. coordinates];
                moved[first] = place;
                yield return space.NumberOf(moved);
                for (int second = first + 1; second < coordinates.Length; second++)
                {
                    foreach (int other in PlacesNear(space.Axes[second], coordinates[second]))
                    {
                        moved[second] = other;
                        yield return space.NumberOf(moved);
                    }

                    moved[second] = coordinates[second];
                }
            }
        }
    }

    private static IEnumerable<int> PlacesNear(SettingAxis axis, int place) => Enumerable.Range(0, axis.Values.Count)
        .Where(other => other != place && (!axis.IsOrdered || axis.Values.Count <= ShortAxis || Math.Abs(other - place) <= 2));
}
