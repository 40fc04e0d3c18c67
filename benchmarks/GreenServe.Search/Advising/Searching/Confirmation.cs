namespace GreenServe.Search.Advising.Searching;

/// <summary>
/// Simulates the best settings with other requests, until some of them meet the SLO in the mean over all repetitions. Those that met it
/// with one seed alone were lucky.
/// </summary>
/// <param name="landscape">What is simulated.</param>
/// <param name="log">Keeps the simulations.</param>
/// <param name="options">How many finalists and repetitions there are.</param>
internal sealed class Confirmation(SearchLandscape landscape, TrialLog log, SettingSearchOptions options)
{
    /// <summary>Settings that have to meet the SLO.</summary>
    private const int Enough = 2;

    /// <summary>Rounds after which the search ends all the same.</summary>
    private const int MaxRounds = 6;

    private readonly HashSet<long> asked = [];

    /// <summary>The settings that were simulated with all repetitions, the best first.</summary>
    internal IReadOnlyList<SettingFinalist> Finalists => log.Repeated(asked, options.Repetitions);

    /// <summary>Confirms settings.</summary>
    internal void Run()
    {
        double factor = 1;
        for (int round = 0; round < MaxRounds; round++)
        {
            SettingTrial[] left =
            [
                .. log.Full.Where(trial => !asked.Contains(trial.Number))
                    .Select(trial => trial with { Score = trial.Score.WithLatencies(factor) }),
            ];
            bool mayMeet = left.Any(trial => trial.Score.IsFeasible);
            if (left.Length == 0 || (round > 0 && !mayMeet))
            {
                return;
            }

            long[] next = FinalistChoice.Of(left, landscape, round == 0 ? options : options with { NearMisses = 0 });
            log.Allow(round == 0 ? 0 : next.Length * (options.Repetitions - 1));
            for (int repetition = 0; repetition < options.Repetitions; repetition++)
            {
                log.Run(next, landscape.Rungs[^1], repetition);
            }

            asked.UnionWith(next);
            IReadOnlyList<SettingFinalist> finalists = Finalists;
            if (finalists.Count(finalist => finalist.MeanScore.IsFeasible) >= Enough)
            {
                return;
            }

            factor = FactorOf(finalists);
        }
    }

    /// <summary>By how much the latencies of the repetition that was searched with fall short of the mean, at least 1.</summary>
    private double FactorOf(IReadOnlyList<SettingFinalist> finalists)
    {
        double[] factors =
        [
            .. from finalist in finalists
               let first = finalist.Repetitions.First(trial => trial.Repetition == log.First).Score.WorstRatio
               let factor = finalist.MeanScore.WorstRatio / first
               where double.IsFinite(factor)
               orderby factor
               select factor,
        ];
        return factors.Length == 0 ? 1 : Math.Max(1, factors[factors.Length / 2]);
    }
}
