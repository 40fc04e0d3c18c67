using GreenServe.Analysis.Advising;
using GreenServe.Analysis.Statistics;
using GreenServe.Records;
using MathNet.Numerics.Distributions;

namespace GreenServe.Search.Advising.Findings;

/// <summary>Ranks the finalists: which of them cannot be told apart from the least, and which of those is recommended.</summary>
/// <remarks>
/// <para>A finalist cannot be told apart from the least where the 95 % interval of the logarithm of their ratio holds 0: the interval
/// between runs and 1.96 standard deviations of what the simulator may be off by in the ratio, in quadrature. It also cannot where they
/// differ by less than 0.5 %.</para>
/// <para>The simplest of those within 1 % of the least is recommended: the one with the fewest knobs that someone has to set, then with the
/// fewest accelerators, then without a split, then with the fewest instances, then the least. Beyond 1 % a simpler setting is not worth its
/// energy, however little the simulator knows.</para>
/// </remarks>
internal sealed class FinalistRanking
{
    /// <summary>What a simpler setting may cost above the least, as a share of the objective.</summary>
    internal const double SimplerShare = 0.01;

    private static readonly double Quantile = Normal.InvCDF(0, 1, (1 + MeanInterval.DefaultConfidence) / 2);

    private readonly Candidate[] ranked;
    private readonly bool[] isTied;
    private readonly IReadOnlyList<double>? probabilities;

    private FinalistRanking(Candidate[] ranked, bool[] isTied, IReadOnlyList<double>? probabilities, RatioErrors? errors)
    {
        (this.ranked, this.isTied, this.probabilities) = (ranked, isTied, probabilities);
        HasRatioErrors = errors is not null;
        double allowed = ranked[0].ObjectiveValue * (1 + SimplerShare);
        Recommended = ranked.Where((candidate, index) => isTied[index] && candidate.ObjectiveValue <= allowed)
            .OrderBy(candidate => SettingText.ChangedKnobs(candidate.Setting))
            .ThenBy(candidate => candidate.Setting.Gpus)
            .ThenBy(candidate => candidate.Setting.PrefillReplicas > 0)
            .ThenBy(candidate => candidate.Setting.Replicas)
            .ThenBy(candidate => candidate.ObjectiveValue)
            .ThenBy(candidate => candidate.Number)
            .First();
    }

    /// <summary>The finalist that is recommended.</summary>
    internal Candidate Recommended { get; }

    /// <summary>What the simulator may be off by is known for every finalist, and counted.</summary>
    internal bool HasRatioErrors { get; }

    /// <summary>Whether the probability of being the least could be worked out.</summary>
    internal bool HasProbabilities => probabilities is not null;

    /// <summary>The finalists that meet the SLO, the recommended one first and the others by rising objective.</summary>
    /// <param name="reference">The setting that their excess is over; <c>null</c> where it was not simulated.</param>
    internal IReadOnlyList<AdvisedSetting> FinalistsAgainst(Candidate? reference) =>
    [
        .. Enumerable.Range(0, ranked.Length)
            .OrderByDescending(index => ranked[index] == Recommended)
            .Select(index => ranked[index].Advised with
            {
                LeastProbability = probabilities?[index],
                IsTied = isTied[index] && isTied.Count(tied => tied) > 1,
                ExcessRatio = reference is null ? null : (ranked[index].ObjectiveValue / reference.ObjectiveValue) - 1,
            }),
    ];

    /// <summary>Ranks the finalists that no measurement refutes.</summary>
    /// <param name="evidence">What was simulated.</param>
    /// <param name="known">Everything simulated, by number.</param>
    /// <param name="headline">Tells which finalists were measured and missed the SLO.</param>
    /// <returns><c>null</c> where none of them is feasible.</returns>
    internal static FinalistRanking? Of(AdviceEvidence evidence, IReadOnlyDictionary<long, Candidate> known, Headline headline) =>
        Of(evidence.Finalists.Where(number => !headline.IsRefuted(number)).Select(number => known[number]), evidence);

    /// <summary>Ranks finalists.</summary>
    /// <param name="finalists">The finalists, all of one evidence kind.</param>
    /// <param name="evidence">What was simulated.</param>
    /// <returns><c>null</c> where none of them is feasible.</returns>
    internal static FinalistRanking? Of(IEnumerable<Candidate> finalists, AdviceEvidence evidence)
    {
        Candidate[] ranked = [.. finalists.Where(candidate => candidate.Advised.IsFeasible)
            .OrderBy(candidate => candidate.ObjectiveValue).ThenBy(candidate => candidate.Number)];
        if (ranked.Length == 0)
        {
            return null;
        }

        RatioErrors? errors = ranked[0].Advised.Evidence == EvidenceKind.Simulated ? RatioErrors.Of(ranked, evidence) : null;
        bool[] isTied = [.. ranked.Select((candidate, index) => index == 0
            || IsTied(candidate.Compare(ranked[0]), errors?.DeviationBetween(index, 0) ?? 0))];
        return new FinalistRanking(ranked, isTied, LeastProbability.Of(ranked, errors), errors);
    }

    /// <summary>Whether two settings cannot be told apart.</summary>
    /// <param name="logRatio">The logarithm of their ratio, with its interval between runs; <c>null</c> where it is not known.</param>
    /// <param name="deviation">Standard deviation of what the simulator may be off by in it.</param>
    internal static bool IsTied(MeanInterval? logRatio, double deviation)
    {
        if (logRatio is null)
        {
            return false;
        }

        double half = Math.Sqrt(Math.Pow(logRatio.HalfWidth ?? 0, 2) + Math.Pow(Quantile * deviation, 2));
        return Math.Abs(logRatio.Mean) <= Math.Max(half, Math.Log(1 + ObjectiveNumbers.EqualShare));
    }
}
