using GreenServe.Analysis.Advising;
using GreenServe.Records;

namespace GreenServe.Search.Advising.Findings;

/// <summary>What the runs of a search say: the recommended setting, how sure it is, and what was found around it.</summary>
public sealed class AdviceFindings
{
    private readonly AdviceEvidence evidence;
    private readonly Dictionary<long, Candidate> known;
    private readonly FinalistRanking? ranking;

    private AdviceFindings(AdviceEvidence evidence)
    {
        this.evidence = evidence;
        known = evidence.Runs.Keys.Order().ToDictionary(number => number, number => Candidate.Of(number, evidence));
        ranking = FinalistRanking.Of(evidence.Finalists.Select(number => known[number]), evidence);
    }

    /// <summary>Number of the recommended setting in the grid; <c>null</c> where nothing meets the SLO.</summary>
    public long? Recommended => ranking?.Recommended.Number;

    /// <summary>Looks at what was simulated.</summary>
    /// <param name="evidence">What was simulated, with the runs that <see cref="FollowUps"/> names.</param>
    public static AdviceFindings Of(AdviceEvidence evidence) => new(evidence);

    /// <summary>
    /// An advice with the findings: finalists, cautious and nearest setting, defaults, everything tried, sensitivities, relaxations, edges,
    /// measured settings, sentences and warnings. The rest is taken as it is.
    /// </summary>
    /// <param name="advice">The advice so far.</param>
    public AdviceDocument AddTo(AdviceDocument advice)
    {
        AdviceDocument found = advice with
        {
            Objective = evidence.Objective,
            Finalists = ranking?.Finalists ?? [],
            Cautious = CautiousSetting(),
            Nearest = ranking is null ? NearestSetting() : null,
            Default = DefaultOf(advice.GpuLimit),
            DefaultOfEqualSize = ranking is { } ranked && ranked.Recommended.Setting.Gpus != advice.GpuLimit
                ? DefaultOf(ranked.Recommended.Setting.Gpus)
                : null,
            Tried = [.. known.Values.Select(candidate => candidate.Advised)],
            Sensitivities = ranking is null ? [] : SettingNeighbours.Sensitivities(evidence.Space, ranking.Recommended, known),
            Relaxations = ranking is null ? [] : [.. LimitRelaxations.Of(known.Values, ranking.Recommended)],
            Edges = ranking is null ? [] : SettingNeighbours.Edges(evidence.Space, ranking.Recommended.Number),
            ProbabilityNote = ProbabilityNote(),
            RecordsNotUsed = evidence.Measured.NotUsed,
        };
        return found with { Sentences = AdviceText.SentencesOf(found), Warnings = AdviceWarnings.Of(found) };
    }

    /// <summary>The setting of least objective that meets the SLO at the far end of the bands, of those with the finalists' requests.</summary>
    private AdvisedSetting? CautiousSetting() => ranking is null
        ? null
        : known.Values.Where(candidate => CautiousChoice.Keeps(candidate.Advised) && candidate.IsPairedWith(ranking.Recommended))
            .OrderBy(candidate => candidate.ObjectiveValue).ThenBy(candidate => candidate.Number).FirstOrDefault()?.Advised;

    /// <summary>
    /// The setting that comes nearest to the SLO: its worst ratio is the least. Settings whose runs do not count, or whose ratio is not
    /// known, come after all others.
    /// </summary>
    private AdvisedSetting? NearestSetting() => known.Values
        .OrderBy(candidate => candidate.Advised.Reasons.Count > 0)
        .ThenBy(candidate => candidate.Advised.WorstRatio ?? double.PositiveInfinity)
        .ThenBy(candidate => candidate.Number).FirstOrDefault()?.Advised;

    private AdvisedSetting? DefaultOf(int gpus) =>
        evidence.Defaults.FirstOrDefault(runs => runs.Setting.Gpus == gpus) is { } runs ? Candidate.Of(runs, evidence).Advised : null;

    private string? ProbabilityNote() => ranking is not { Finalists: [{ LeastProbability: not null, Evidence: EvidenceKind.Simulated }, ..] }
        ? null
        : ranking.HasRatioErrors
            ? "The probability of being the least counts the spread between runs with other requests, and what the simulator may be off by in "
                + $"the ratio of two settings, from {ranking.Recommended.ErrorBands!.Source}. Settings that differ in little share most of it."
            : "The probability of being the least counts the spread between runs with other requests, and nothing that the simulator may be "
                + "off by: no error band is known.";
}
