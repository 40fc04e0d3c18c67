namespace GreenServe.Search.Advising.Searching;

/// <summary>Finds the setting with the least objective within the SLO, with few simulations.</summary>
/// <remarks>
/// A small grid is simulated as a whole. Of a large one, an estimate ranks all settings; short simulations with the same requests keep
/// those that may be the best; and the neighbours of the best are tried until none is better.
/// </remarks>
internal sealed class GridSearch
{
    private readonly SearchLandscape landscape;
    private readonly SettingSearchOptions options;
    private readonly TrialLog log;
    private readonly bool isSmall;
    private readonly int reserved;

    /// <summary>Prepares a search.</summary>
    /// <param name="landscape">What it walks over.</param>
    /// <param name="options">How it goes.</param>
    /// <param name="cancellationToken">Stops the search. It then has what it found so far.</param>
    internal GridSearch(SearchLandscape landscape, SettingSearchOptions options, CancellationToken cancellationToken)
    {
        this.landscape = landscape;
        this.options = options;
        int possible = landscape.Possible.Count;
        isSmall = possible <= options.ExactSettings;
        reserved = (options.Finalists + options.NearMisses) * (options.Repetitions - 1);
        int share = Math.Clamp((int)(options.SimulatedShare * possible), options.MinSimulations, options.MaxSimulations);
        log = new TrialLog(landscape, options, isSmall ? possible + reserved : share, cancellationToken);
    }

    /// <summary>Every simulation, in the order of the search.</summary>
    internal IReadOnlyList<SettingTrial> Trials => log.Trials;

    /// <summary>The finalists, the best first.</summary>
    internal IReadOnlyList<SettingFinalist> Finalists { get; private set; } = [];

    /// <summary>Whether every possible setting was simulated at full length.</summary>
    internal bool IsExact => log.Full.Count() == landscape.Possible.Count;

    /// <summary>Whether the search was stopped before its end.</summary>
    internal bool IsCancelled { get; private set; }

    /// <summary>Searches.</summary>
    internal void Run()
    {
        try
        {
            if (isSmall)
            {
                log.Run(landscape.Possible, landscape.Rungs[^1]);
            }
            else
            {
                Search();
            }

            long[] finalists = FinalistChoice.Of([.. log.Full], landscape, options);
            for (int repetition = 1; repetition < options.Repetitions; repetition++)
            {
                log.Run(finalists, landscape.Rungs[^1], repetition);
            }
        }
        catch (OperationCanceledException)
        {
            IsCancelled = true;
        }

        Finalists = RepeatedSettings();
    }

    private void Search()
    {
        SettingScreen screen = SettingScreen.Of(landscape, options.Parallelism);
        int spendable = log.Left - reserved;
        Halving.Run(landscape, log, screen, spendable * 2 / 3);
        new Polishing(landscape, log, screen, reserved).Run();
    }

    private List<SettingFinalist> RepeatedSettings()
    {
        List<SettingFinalist> finalists = [];
        foreach (IGrouping<long, SettingTrial> group in log.Trials.Where(trial => trial.IsFull).GroupBy(trial => trial.Number))
        {
            if (options.Repetitions == 1 || group.Any(trial => trial.Repetition > 0))
            {
                finalists.Add(new SettingFinalist(group.Key, group.First().Setting, [.. group.OrderBy(trial => trial.Repetition)]));
            }
        }

        finalists.Sort((left, right) => SettingScore.Compare(left.MeanScore, right.MeanScore) is var order && order != 0
            ? order
            : left.Number.CompareTo(right.Number));
        return finalists;
    }
}
