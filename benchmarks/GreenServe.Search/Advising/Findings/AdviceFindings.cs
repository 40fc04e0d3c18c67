using GreenServe.Analysis.Advising;

namespace GreenServe.Search.Advising.Findings;

/// <summary>What the runs of a search say: the recommended setting, how sure it is, and what was found around it.</summary>
public sealed class AdviceFindings
{
    private readonly AdviceEvidence evidence;
    private readonly Dictionary<long, Candidate> known;
    private readonly FinalistRanking? ranking;
    private readonly Headline headline;
    private readonly (Candidate Setting, long? Number)? measured;

    private AdviceFindings(AdviceEvidence evidence)
    {
        this.evidence = evidence;
        known = Candidate.AllOf(evidence);
        headline = new Headline(evidence);
        ranking = FinalistRanking.Of(evidence, known, headline);
        measured = headline.Over(ranking?.Recommended, known);
    }

    /// <summary>
    /// Number of the recommended setting in the grid; <c>null</c> where nothing meets the SLO, and for a measured setting outside of the
    /// grid.
    /// </summary>
    public long? Recommended => measured is { } over ? over.Number : ranking?.Recommended.Number;

    /// <summary>The simulated runs of the recommended setting; <c>null</c> where it was not simulated.</summary>
    private Candidate? Simulated => Recommended is { } number ? known.GetValueOrDefault(number) : null;

    /// <summary>Looks at what was simulated.</summary>
    /// <param name="evidence">What was simulated, with the runs that <see cref="FollowUps"/> names.</param>
    public static AdviceFindings Of(AdviceEvidence evidence) => new(evidence);

    /// <summary>
    /// An advice with the findings: finalists, cautious and nearest setting, defaults, everything tried, sensitivities, relaxations, edges,
    /// measured settings, sentences and warnings, which follow those of the advice so far. The rest is taken as it is.
    /// </summary>
    /// <param name="advice">The advice so far.</param>
    public AdviceDocument AddTo(AdviceDocument advice)
    {
        AdviceDocument found = advice with
        {
            Objective = evidence.Objective,
            Finalists = Finalists(),
            Cautious = CautiousSetting(),
            Nearest = ranking is null && measured is null ? NearestSetting() : null,
            Default = DefaultOf(advice.GpuLimit),
            DefaultOfEqualSize = (measured?.Setting ?? ranking?.Recommended)?.Setting.Gpus is { } gpus && gpus != advice.GpuLimit
                ? DefaultOf(gpus)
                : null,
            Tried = [.. known.Values.Select(candidate => candidate.Advised)],
            Sensitivities = Simulated is { } from ? SettingNeighbours.Sensitivities(evidence.Space, from, known) : [],
            Relaxations = Simulated is { } recommended ? [.. LimitRelaxations.Of(known.Values, recommended)] : [],
            Edges = Recommended is { } number ? SettingNeighbours.Edges(evidence.Space, number, known) : [],
            Measured = headline.Measured,
            ProbabilityNote = ProbabilityNote(),
            RecordNotes = evidence.Measured.Notes,
        };
        return found with { Sentences = AdviceText.SentencesOf(found), Warnings = [.. advice.Warnings, .. AdviceWarnings.Of(found)] };
    }

    /// <summary>The recommended setting with the numbers of its own evidence kind, then the other finalists, which are simulated.</summary>
    private IReadOnlyList<AdvisedSetting> Finalists() => measured is not { } over
        ? ranking?.FinalistsAgainst(ranking.Recommended) ?? []
        :
        [
            over.Setting.Advised with { ExcessRatio = 0 },
            .. (ranking?.FinalistsAgainst(Simulated) ?? []).Where(finalist => finalist.Setting != Simulated?.Setting),
        ];

    /// <summary>
    /// The setting of least objective that meets the SLO at the far end of the bands, with its excess over the recommended one by runs with
    /// the same requests. One that was simulated with every repetition comes before one that may have been lucky.
    /// </summary>
    private AdvisedSetting? CautiousSetting() =>
        ranking is { Recommended: { } recommended }
        && (CautiousChoice.Least(known.Values, recommended, isConfirmed: true)
            ?? CautiousChoice.Least(known.Values, recommended)) is { } least
            ? least.Advised with { ExcessRatio = least.ChangeAgainst(recommended) }
            : null;

    /// <summary>
    /// The setting that comes nearest to the SLO: its worst ratio is the least. Settings with fewer runs come after those with most, and
    /// settings whose runs do not count, or whose ratio is not known, after all others.
    /// </summary>
    private AdvisedSetting? NearestSetting() => known.Values
        .OrderBy(candidate => candidate.Advised.Reasons.Count > 0)
        .ThenByDescending(candidate => candidate.Runs.Count)
        .ThenBy(candidate => candidate.Advised.WorstRatio ?? double.PositiveInfinity)
        .ThenBy(candidate => candidate.Number).FirstOrDefault()?.Advised;

    private AdvisedSetting? DefaultOf(int gpus) =>
        evidence.Defaults.FirstOrDefault(runs => runs.Setting.Gpus == gpus) is { } runs ? Candidate.Of(runs, evidence).Advised : null;

    private string? ProbabilityNote()
    {
        if (ranking?.HasProbabilities != true)
        {
            return null;
        }

        string spread = "The probability of being the least counts the spread between runs with other requests, and ";
        return ranking.HasRatioErrors
            ? $"{spread}what the simulator may be off by in the ratio of two settings, from {ranking.Recommended.ErrorBands!.Source}. "
                + "Settings that differ in little share most of it."
            : $"{spread}nothing that the simulator may be off by: no error band is known.";
    }
}
