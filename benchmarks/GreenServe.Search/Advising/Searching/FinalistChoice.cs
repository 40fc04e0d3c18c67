namespace GreenServe.Search.Advising.Searching;

/// <summary>Chooses the settings that are simulated with several seeds.</summary>
internal static class FinalistChoice
{
    /// <summary>Settings with an objective up to this factor of the least are finalists.</summary>
    private const double NearObjective = 1.05;

    /// <summary>
    /// The best settings; and those outside the SLO that a looser limit would allow and that cost less than any setting that misses it by
    /// less. Where nothing meets the SLO, those that come nearest to it.
    /// </summary>
    /// <param name="trials">Simulations of full length, one a setting.</param>
    /// <param name="landscape">Of settings with equal scores it tells the simplest.</param>
    /// <param name="options">How many finalists there are.</param>
    internal static long[] Of(IReadOnlyList<SettingTrial> trials, SearchLandscape landscape, SettingSearchOptions options)
    {
        SettingTrial[] ranked =
        [
            .. trials.GroupBy(trial => trial.Score)
                .Select(group => group.MinBy(trial => (landscape.Complexity(trial.Number), trial.Number))!)
                .OrderBy(trial => trial.Score, SettingScore.BestFirst),
        ];
        if (ranked.Length == 0 || !ranked[0].Score.IsFeasible)
        {
            return [.. ranked.Take(options.Finalists).Select(trial => trial.Number)];
        }

        double least = ranked[0].Score.Objective;
        IEnumerable<SettingTrial> best = ranked.Where(trial => trial.Score.IsFeasible && trial.Score.Objective <= NearObjective * least);
        return [.. best.Take(options.Finalists).Concat(NearMisses(ranked, least).Take(options.NearMisses)).Select(trial => trial.Number)];
    }

    private static IEnumerable<SettingTrial> NearMisses(SettingTrial[] ranked, double least)
    {
        foreach (SettingTrial trial in ranked.Where(trial => !trial.Score.IsFeasible && double.IsFinite(trial.Score.WorstRatio)))
        {
            if (trial.Score.Objective < least)
            {
                yield return trial;
                least = trial.Score.Objective;
            }
        }
    }
}
