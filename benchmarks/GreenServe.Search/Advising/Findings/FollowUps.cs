using GreenServe.Analysis.Advising;
using GreenServe.Search.Advising.Searching;

namespace GreenServe.Search.Advising.Findings;

/// <summary>
/// The settings whose runs the findings need besides the finalists': with the same requests as the finalists, so that they can be compared.
/// </summary>
public static class FollowUps
{
    /// <summary>
    /// Settings of each kind of finding that are looked at again; a screening with few requests may have misjudged the first.
    /// </summary>
    private const int CandidatesOfEach = 2;

    /// <summary>
    /// Numbers of the settings that are to be simulated with the finalists' requests: each knob moved away from the recommended setting,
    /// the settings that meet the SLO at the far end of the error bands, those that a looser limit would make possible, and those that were
    /// measured. Settings that have such runs already are left out; settings that cannot exist are not.
    /// </summary>
    /// <param name="evidence">What was simulated so far.</param>
    public static IReadOnlyList<long> Missing(AdviceEvidence evidence)
    {
        Dictionary<long, Candidate> known = Candidate.AllOf(evidence);
        Headline headline = new(evidence);
        if (FinalistRanking.Of(evidence, known, headline)?.Recommended is not { } recommended)
        {
            return [];
        }

        IEnumerable<long> neighbours = Enumerable.Range(0, evidence.Space.Axes.Count)
            .SelectMany(axis => SettingNeighbours.Along(evidence.Space, recommended.Number, axis));
        IEnumerable<Candidate> cautious = known.Values.Where(candidate => CautiousChoice.Keeps(candidate.Advised))
            .OrderBy(candidate => candidate.ObjectiveValue).ThenBy(candidate => candidate.Number).Take(CandidatesOfEach);
        IEnumerable<Candidate> relaxed = LimitRelaxations.Possible(known.Values, recommended, CandidatesOfEach);
        return
        [
            .. neighbours.Concat(cautious.Concat(relaxed).Select(candidate => candidate.Number)).Concat(headline.Numbers)
                .Distinct().Order()
                .Where(number => IsMissing(number, known, recommended)),
        ];
    }

    /// <summary>
    /// What is to be simulated next in order to find the least setting that meets the SLO at the far end of the error bands: the settings
    /// beside the least that is known, with the requests that were searched with; or, once those are known, that setting with every
    /// repetition. Settings that cannot exist are among them.
    /// </summary>
    /// <param name="evidence">What was simulated so far, with the settings of <see cref="Missing"/>.</param>
    /// <returns>Nothing where no such setting is known, or where it has as many runs as the recommended one.</returns>
    internal static CautiousFollowUp CautiousMissing(AdviceEvidence evidence)
    {
        Dictionary<long, Candidate> known = Candidate.AllOf(evidence);
        if (FinalistRanking.Of(evidence, known, new Headline(evidence))?.Recommended is not { } recommended
            || CautiousChoice.Least(known.Values, recommended) is not { } least)
        {
            return new CautiousFollowUp([], null);
        }

        long[] beside =
            [.. Neighbours.Next(evidence.Space, least.Number).Where(number => IsMissing(number, known, recommended))];
        return new CautiousFollowUp(beside, least.Runs.Count < recommended.Runs.Count ? least.Number : null);
    }

    /// <summary>Whether a setting has no run with the same requests as the recommended one.</summary>
    private static bool IsMissing(long number, Dictionary<long, Candidate> known, Candidate recommended) =>
        !known.TryGetValue(number, out Candidate? candidate) || !candidate.IsPairedWith(recommended);
}

/// <summary>What is to be simulated in order to find the cautious setting.</summary>
/// <param name="Beside">Settings beside the least that is known, to be simulated with the requests that were searched with.</param>
/// <param name="Unconfirmed">
/// Number of the least that is known, to be simulated with every repetition unless one beside it is less; <c>null</c> where it has them.
/// </param>
internal sealed record CautiousFollowUp(IReadOnlyList<long> Beside, long? Unconfirmed);

/// <summary>The setting that meets the SLO even at the far end of the error bands.</summary>
internal static class CautiousChoice
{
    /// <summary>
    /// The setting of least objective that is kept, by runs with the same requests as those of the recommended one; <c>null</c> where no
    /// setting is. Of equal settings the one with the fewest knobs to set counts.
    /// </summary>
    /// <param name="settings">The settings.</param>
    /// <param name="recommended">The recommended setting.</param>
    /// <param name="isConfirmed">Whether only settings with as many runs as the recommended one count.</param>
    internal static Candidate? Least(IEnumerable<Candidate> settings, Candidate recommended, bool isConfirmed = false) => settings
        .Where(setting => Keeps(setting.Advised) && setting.IsPairedWith(recommended)
            && (!isConfirmed || setting.Runs.Count >= recommended.Runs.Count))
        .OrderBy(setting => setting.ChangeAgainst(recommended))
        .ThenBy(setting => SettingText.ChangedKnobs(setting.Setting))
        .ThenBy(setting => setting.Number).FirstOrDefault();

    /// <summary>
    /// Whether a setting is feasible and keeps every limit at the upper end of its error band. Without a band nothing is kept.
    /// </summary>
    internal static bool Keeps(AdvisedSetting setting) =>
        setting.IsFeasible && setting.Limits.Count > 0 && setting.Limits.All(limit => limit.Ratio is null || limit.HighRatio <= 1);
}
