using GreenServe.Analysis.Advising;

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
        IEnumerable<Candidate> finalists = evidence.Finalists.Where(number => !headline.IsRefuted(number)).Select(number => known[number]);
        if (FinalistRanking.Of(finalists, evidence)?.Recommended is not { } recommended)
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
                .Where(number => !known.TryGetValue(number, out Candidate? candidate) || !candidate.IsPairedWith(recommended)),
        ];
    }
}

/// <summary>The setting that meets the SLO even at the far end of the error bands.</summary>
internal static class CautiousChoice
{
    /// <summary>
    /// Whether a setting is feasible and keeps every limit at the upper end of its error band. Without a band nothing is kept.
    /// </summary>
    internal static bool Keeps(AdvisedSetting setting) =>
        setting.IsFeasible && setting.Limits.Count > 0 && setting.Limits.All(limit => limit.Ratio is null || limit.HighRatio <= 1);
}
