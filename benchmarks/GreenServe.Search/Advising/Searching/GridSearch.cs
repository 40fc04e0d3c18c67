namespace GreenServe.Search.Advising.Searching;

/// <summary>Finds the setting with the least objective within the SLO, with few simulations.</summary>
/// <remarks>
/// A small grid is simulated as a whole. Of a large one, an estimate ranks all settings; short simulations with the same requests keep
/// those that may be the best; and the neighbours of the best are tried until none is better.
/// </remarks>
internal sealed class GridSearch
{
    /// <summary>Share of the simulations for halving. The rest tries neighbours of the best and settings anywhere.</summary>
    private const double HalvingShare = 2.0 / 3;

    private readonly SearchLandscape landscape;
    private readonly SettingSearchOptions options;
    private readonly TrialLog log;
    private readonly Confirmation confirmation;
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
        int whole = possible + (options.Repetitions - 1) + reserved;
        log = new TrialLog(landscape, options, isSmall ? whole : share, cancellationToken);
        confirmation = new Confirmation(landscape, log, options);
    }

    /// <summary>Every simulation, in the order of the search.</summary>
    internal IReadOnlyList<SettingTrial> Trials => log.Trials;

    /// <summary>The finalists, the best first.</summary>
    internal IReadOnlyList<SettingFinalist> Finalists => confirmation.Finalists;

    /// <summary>Whether every possible setting was simulated at full length.</summary>
    internal bool IsExact => log.Full.Count() == landscape.Possible.Count;

    /// <summary>The repetition that settings were searched with.</summary>
    internal int FirstRepetition => log.First;

    /// <summary>Whether the search was stopped before its end.</summary>
    internal bool IsCancelled { get; private set; }

    /// <summary>Searches.</summary>
    internal void Run()
    {
        try
        {
            if (isSmall)
            {
                ChooseRepetition(landscape.Possible.MinBy(number => landscape.Estimate(number), SettingScore.BestFirst));
                log.Run(landscape.Possible, landscape.Rungs[^1]);
            }
            else
            {
                Search();
            }

            confirmation.Run();
        }
        catch (OperationCanceledException)
        {
            IsCancelled = true;
        }
    }

    private void Search()
    {
        SettingScreen screen = SettingScreen.Of(landscape, options.Parallelism);
        ChooseRepetition(screen.Promising(1, landscape)[0]);
        int spendable = log.Left - reserved;
        Halving.Run(landscape, log, screen, (int)(HalvingShare * spendable));
        new Polishing(landscape, log, screen, reserved).Run();
    }

    /// <summary>
    /// Chooses the repetition that settings are searched with: of a promising setting, the one whose latencies are nearest to their mean
    /// over all repetitions. A repetition with few bursts would let settings pass that miss the SLO with other requests.
    /// </summary>
    private void ChooseRepetition(long promising)
    {
        for (int repetition = 0; repetition < options.Repetitions; repetition++)
        {
            log.Run([promising], landscape.Rungs[^1], repetition);
        }

        SettingTrial[] runs = [.. log.Trials.Where(trial => trial.IsFull && trial.Number == promising)];
        double mean = runs.Average(Hardness);
        log.First = double.IsFinite(mean) ? runs.MinBy(trial => Math.Abs(Hardness(trial) - mean))!.Repetition : 0;
    }

    /// <summary>How hard the requests of a run are: its latencies, or what it took where nothing limits them.</summary>
    private static double Hardness(SettingTrial trial) => trial.Score.WorstRatio > 0 ? trial.Score.WorstRatio : trial.Score.Objective;
}
