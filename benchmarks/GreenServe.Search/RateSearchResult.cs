namespace GreenServe.Search;

/// <summary>
/// The result of a search for the highest load that meets an SLO. Loads are requests per second, or users of a closed loop.
/// </summary>
public sealed record RateSearchResult
{
    /// <summary>Every run of the search, in order.</summary>
    public required IReadOnlyList<RateTrial> Trials { get; init; }

    /// <summary>The highest load at which most runs met the SLO; <c>null</c> if the lowest load failed.</summary>
    public double? Highest { get; init; }

    /// <summary>
    /// The lowest failing load above <see cref="Highest"/>; <c>null</c> if no load up to the limit of the search failed.
    /// </summary>
    public double? LowestFailing { get; init; }

    /// <summary>Number of runs at <see cref="Highest"/> that met the SLO.</summary>
    public int Passes => Trials.Count(trial => trial.Load == Highest && trial.Passes);

    /// <summary>Number of runs at <see cref="Highest"/>.</summary>
    public int Runs => Trials.Count(trial => trial.Load == Highest);

    /// <summary>Number of runs at <see cref="LowestFailing"/> that missed the SLO.</summary>
    public int Misses => Trials.Count(trial => trial.Load == LowestFailing && !trial.Passes);

    /// <summary>Number of runs at <see cref="LowestFailing"/>.</summary>
    public int FailingRuns => Trials.Count(trial => trial.Load == LowestFailing);

    /// <summary>95 % interval of the probability that a run at <see cref="Highest"/> meets the SLO.</summary>
    /// <remarks>Wilson's score interval (Wilson, JASA 22, 1927).</remarks>
    public (double Low, double High) PassProbability => Wilson(Passes, Runs);

    /// <summary>
    /// The run that decided about <see cref="Highest"/>: the middle one of its runs by how close they came to the SLO. A majority of runs
    /// meets the SLO exactly where the middle one does. <c>null</c> if no load met the SLO.
    /// </summary>
    public RateTrial? DecidedHighest => MiddleAt(Highest);

    /// <summary>
    /// The run that decided about <see cref="LowestFailing"/>: the middle one of its runs; <c>null</c> if no load failed.
    /// </summary>
    public RateTrial? DecidedFailing => MiddleAt(LowestFailing);

    /// <summary>
    /// The highest load up to which every run met the SLO; <c>null</c> if a run at the lowest load missed it. With
    /// <see cref="EveryRunMisses"/> it is the interval in which the highest load lies, as far as the repetitions tell.
    /// </summary>
    public double? EveryRunMeets => Loads.TakeWhile(load => load.All(trial => trial.Passes)).LastOrDefault()?.Key;

    /// <summary>The lowest load from which on every run missed the SLO; <c>null</c> if a run at the highest load met it.</summary>
    public double? EveryRunMisses => Loads.Reverse().TakeWhile(load => load.All(trial => !trial.Passes)).LastOrDefault()?.Key;

    /// <summary>
    /// The runs that met the SLO at a higher load than one at which a run of the same seed missed it, each with that run. Both served the
    /// same requests, one faster than the other: the SLO has no sharp limit there.
    /// </summary>
    public IReadOnlyList<(RateTrial Missed, RateTrial Met)> Inversions =>
    [
        .. from run in Trials.GroupBy(trial => trial.Repetition)
           let missed = run.Where(trial => !trial.Passes).MinBy(trial => trial.Load)
           let met = run.Where(trial => trial.Passes).MaxBy(trial => trial.Load)
           where missed is not null && met is not null && met.Load > missed.Load
           orderby run.Key
           select (missed, met),
    ];

    private IEnumerable<IGrouping<double, RateTrial>> Loads => Trials.GroupBy(trial => trial.Load).OrderBy(load => load.Key);

    private RateTrial? MiddleAt(double? load)
    {
        RateTrial[] runs = [.. Trials.Where(trial => trial.Load == load)
            .OrderBy(trial => !trial.Passes).ThenBy(trial => trial.Severity).ThenBy(trial => trial.Repetition)];
        return runs.Length == 0 ? null : runs[runs.Length / 2];
    }

    private static (double Low, double High) Wilson(int passes, int runs)
    {
        const double z = 1.959963984540054;
        if (runs == 0)
        {
            return (0, 1);
        }

        double share = (double)passes / runs;
        double scale = 1 + (z * z / runs);
        double middle = (share + (z * z / (2 * runs))) / scale;
        double half = z / scale * Math.Sqrt((share * (1 - share) / runs) + (z * z / (4.0 * runs * runs)));
        return (Math.Max(0, middle - half), Math.Min(1, middle + half));
    }
}
