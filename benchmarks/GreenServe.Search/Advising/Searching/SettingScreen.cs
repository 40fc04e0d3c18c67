namespace GreenServe.Search.Advising.Searching;

/// <summary>Estimated scores of all possible settings, which no simulation gave.</summary>
internal sealed class SettingScreen
{
    /// <summary>Factors that estimated latencies may be off by, the likeliest first.</summary>
    private static readonly double[] RatioFactors = [1, 0.7, 1.4, 0.5, 2];

    /// <summary>Factors for which the best of each kind take turns too.</summary>
    private const int KindsInTurn = 3;

    private readonly Dictionary<long, int> indices = [];
    private readonly IReadOnlyList<long> possible;
    private readonly SettingScore[] estimates;

    private SettingScreen(IReadOnlyList<long> possible, SettingScore[] estimates)
    {
        this.possible = possible;
        this.estimates = estimates;
        for (int index = 0; index < possible.Count; index++)
        {
            indices.Add(possible[index], index);
        }
    }

    /// <summary>Estimates every possible setting.</summary>
    internal static SettingScreen Of(SearchLandscape landscape, int parallelism)
    {
        SettingScore[] estimates = new SettingScore[landscape.Possible.Count];
        Parallel.For(
            0,
            estimates.Length,
            new ParallelOptions { MaxDegreeOfParallelism = parallelism },
            index => estimates[index] = landscape.Estimate(landscape.Possible[index]));
        return new SettingScreen(landscape.Possible, estimates);
    }

    /// <summary>Whether a setting is possible.</summary>
    internal bool Contains(long number) => indices.ContainsKey(number);

    /// <summary>The estimate of a possible setting.</summary>
    internal SettingScore this[long number] => estimates[indices[number]];

    /// <summary>
    /// The score of a setting by that of another one that was simulated, and by what the estimate says of their difference.
    /// </summary>
    internal SettingScore Predict(long number, SettingTrial from)
    {
        SettingScore own = this[number];
        SettingScore other = this[from.Number];
        return new SettingScore(
            from.Score.Objective * own.Objective / other.Objective,
            other.WorstRatio > 0 ? from.Score.WorstRatio * own.WorstRatio / other.WorstRatio : from.Score.WorstRatio);
    }

    /// <summary>
    /// The most promising settings. The estimate of latencies may be off by a factor of two, so the settings that are best for several
    /// factors take turns, and so do the best of each kind. Of settings with equal estimates the simplest is taken.
    /// </summary>
    internal IReadOnlyList<long> Promising(int count, SearchLandscape landscape)
    {
        int[] distinct =
        [
            .. Enumerable.Range(0, estimates.Length).GroupBy(index => estimates[index])
                .Select(group => group.MinBy(index => (landscape.Complexity(possible[index]), index))),
        ];
        int[][] all = [.. RatioFactors.Select(factor => Ranking(distinct, factor))];
        int[][] rankings = [.. all, .. all.Take(KindsInTurn).Select(ranking => OneOfEachKind(ranking, landscape.Kind))];
        HashSet<int> chosen = [];
        for (int place = 0; place < distinct.Length && chosen.Count < count; place++)
        {
            foreach (int[] ranking in rankings)
            {
                if (chosen.Count < count)
                {
                    chosen.Add(ranking[place]);
                }
            }
        }

        return [.. chosen.Select(index => possible[index])];
    }

    /// <summary>The best of each kind, then the second of each kind, and so on.</summary>
    private int[] OneOfEachKind(int[] ranking, Func<long, long> kind)
    {
        Dictionary<long, int> seen = [];
        return
        [
            .. ranking.Select((index, rank) =>
                {
                    long own = kind(possible[index]);
                    int before = seen.GetValueOrDefault(own);
                    seen[own] = before + 1;
                    return (index, before, rank);
                })
                .ToArray().OrderBy(item => (item.before, item.rank)).Select(item => item.index),
        ];
    }

    private int[] Ranking(int[] indicesOfSettings, double factor)
    {
        int[] ranking = [.. indicesOfSettings];
        Array.Sort(ranking, (left, right) =>
            SettingScore.Compare(estimates[left].WithLatencies(factor), estimates[right].WithLatencies(factor)) is var order && order != 0
                ? order
                : left.CompareTo(right));
        return ranking;
    }
}
