namespace GreenServe.Search.Advising.Searching;

/// <summary>Runs simulations side by side, keeps them in the order in which they were asked for, and counts them.</summary>
/// <param name="landscape">What is simulated.</param>
/// <param name="options">How many at once, and who is told.</param>
/// <param name="budget">Simulations that the search may use.</param>
/// <param name="cancellationToken">Stops the search.</param>
internal sealed class TrialLog(
    SearchLandscape landscape, SettingSearchOptions options, int budget, CancellationToken cancellationToken)
{
    private readonly List<SettingTrial> trials = [];
    private readonly Dictionary<(long Number, int Repetition, int Requests), SettingTrial> known = [];
    private readonly Lock telling = new();
    private int allowed = budget;
    private SettingTrial? best;
    private int ended;

    /// <summary>Every simulation, in the order in which it was asked for.</summary>
    internal IReadOnlyList<SettingTrial> Trials => trials;

    /// <summary>Simulations that may still be asked for.</summary>
    internal int Left => allowed - trials.Count;

    /// <summary>The repetition that settings are searched with.</summary>
    /// <value>Default 0.</value>
    internal int First { get; set; }

    /// <summary>The simulations of the repetition that settings are searched with, at full length.</summary>
    internal IEnumerable<SettingTrial> Full => trials.Where(trial => trial.IsFull && trial.Repetition == First);

    /// <summary>The simulation of a setting; <c>null</c> where there is none.</summary>
    internal SettingTrial? TrialOf(long number, int requests) => known.GetValueOrDefault((number, First, requests));

    /// <summary>Allows further simulations.</summary>
    /// <param name="simulations">How many more.</param>
    internal void Allow(int simulations) => allowed += simulations;

    /// <summary>Simulates settings that were not simulated so before; the first ones only where they are too many.</summary>
    /// <param name="numbers">Numbers of the settings, the most promising first.</param>
    /// <param name="requests">Number of requests.</param>
    /// <param name="other">Number of the repetition; <c>null</c> for the one that settings are searched with.</param>
    /// <exception cref="OperationCanceledException">The search was stopped. The simulations that had ended are kept.</exception>
    internal void Run(IEnumerable<long> numbers, int requests, int? other = null)
    {
        int repetition = other ?? First;
        long[] wanted =
        [
            .. numbers.Distinct().Where(number => !known.ContainsKey((number, repetition, requests))).Take(Math.Max(0, Left)),
        ];
        SettingTrial?[] results = new SettingTrial?[wanted.Length];
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = options.Parallelism, CancellationToken = cancellationToken };
        try
        {
            Parallel.For(0, wanted.Length, parallel, index =>
            {
                results[index] = landscape.Run(wanted[index], repetition, requests);
                Tell(results[index]!);
            });
        }
        finally
        {
            foreach (SettingTrial trial in results.OfType<SettingTrial>())
            {
                trials.Add(trial);
                known.Add((trial.Number, repetition, requests), trial);
            }
        }
    }

    /// <summary>
    /// Those of some settings that were simulated with all repetitions, the best first: by rising mean objective, then by how much they
    /// miss.
    /// </summary>
    /// <param name="numbers">Numbers of the settings.</param>
    /// <param name="repetitions">Number of repetitions.</param>
    internal IReadOnlyList<SettingFinalist> Repeated(IReadOnlySet<long> numbers, int repetitions)
    {
        List<SettingFinalist> finalists =
        [
            .. trials.Where(trial => trial.IsFull && numbers.Contains(trial.Number)).GroupBy(trial => trial.Number)
                .Where(group => group.Count() == repetitions)
                .Select(group => new SettingFinalist(
                    group.Key, group.First().Setting, [.. group.OrderBy(trial => trial.Repetition)])),
        ];
        finalists.Sort((left, right) => SettingScore.Compare(left.MeanScore, right.MeanScore) is var order && order != 0
            ? order
            : left.Number.CompareTo(right.Number));
        return finalists;
    }

    private void Tell(SettingTrial trial)
    {
        lock (telling)
        {
            ended++;
            bool isBetter = best is null || (trial.IsFull, -SettingScore.Compare(trial.Score, best.Score)).CompareTo((best.IsFull, 0)) > 0;
            best = isBetter ? trial : best;
            options.Progress?.Invoke(new SettingSearchProgress(ended, allowed, trial, best!));
        }
    }
}
