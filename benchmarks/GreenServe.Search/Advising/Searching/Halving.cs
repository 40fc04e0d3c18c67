namespace GreenServe.Search.Advising.Searching;

/// <summary>
/// Successive halving: many settings are simulated with few requests, and those that may still be the best with more. All see the same
/// requests, so that their differences have little spread.
/// </summary>
internal static class Halving
{
    /// <summary>Of the settings of a rung, the share that goes on to the next one at most.</summary>
    private const double KeptShare = 0.4;

    /// <summary>Settings that are simulated with more requests first. What their scores change by is the spread of all.</summary>
    private const int Probes = 12;

    /// <summary>Runs all rungs.</summary>
    /// <param name="landscape">What is simulated.</param>
    /// <param name="log">Keeps the simulations.</param>
    /// <param name="screen">Ranks settings that were not simulated.</param>
    /// <param name="simulations">Simulations that may be used.</param>
    internal static void Run(SearchLandscape landscape, TrialLog log, SettingScreen screen, int simulations)
    {
        IReadOnlyList<int> rungs = landscape.Rungs;
        double shares = Enumerable.Range(0, rungs.Count).Sum(rung => Math.Pow(KeptShare, rung));
        int first = Math.Max(1, (int)(simulations / shares));
        IReadOnlyList<long> candidates = screen.Promising(first, landscape);
        log.Run(candidates, rungs[0]);
        for (int rung = 1; rung < rungs.Count; rung++)
        {
            SettingTrial[] trials = [.. candidates.Select(number => log.TrialOf(number, rungs[rung - 1])).OfType<SettingTrial>()];
            Array.Sort(trials, (left, right) => SettingScore.Compare(left.Score, right.Score));
            int kept = Math.Max(1, (int)(KeptShare * candidates.Count));
            log.Run(trials.Take(Math.Min(Probes, kept)).Select(trial => trial.Number), rungs[rung]);
            PairedChange change = PairedChange.Of(trials, trial => log.TrialOf(trial.Number, rungs[rung]));
            candidates = [.. change.MayBeBest(trials).Take(kept).Select(trial => trial.Number)];
            log.Run(candidates, rungs[rung]);
        }
    }
}
