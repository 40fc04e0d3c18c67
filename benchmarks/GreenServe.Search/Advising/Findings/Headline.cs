using GreenServe.Analysis.Advising;
using GreenServe.Records;

namespace GreenServe.Search.Advising.Findings;

/// <summary>Decides between the simulated pick and what was measured. Numbers of the two never enter one number.</summary>
/// <remarks>
/// <para>A finalist that was measured and missed the SLO there is not recommended. Of the measured settings that meet the SLO, the least is
/// recommended in place of the simulated pick unless the simulation places the pick below that setting by more than can be told apart. A
/// measured setting that the simulation does not know cannot be placed, and the simulated pick stays.</para>
/// <para>Measured settings come before estimated ones: those are looked at only where nothing was measured.</para>
/// </remarks>
internal sealed class Headline
{
    private readonly AdviceEvidence evidence;
    private readonly IReadOnlyDictionary<SettingKey, long> numbers;
    private readonly Candidate[] measured;

    internal Headline(AdviceEvidence evidence)
    {
        this.evidence = evidence;
        measured = [.. evidence.Measured.Settings.Select(runs => Candidate.Of(runs, evidence))];
        numbers = SettingKey.NumbersOf([.. measured.Select(KeyOf).Distinct()], evidence.Space, evidence.SystemOf);
    }

    /// <summary>The measured settings, those whose energy was estimated after the others, by rising objective.</summary>
    internal IReadOnlyList<AdvisedSetting> Measured =>
    [
        .. measured.OrderBy(candidate => candidate.Advised.Evidence).ThenBy(candidate => candidate.ObjectiveValue)
            .Select(candidate => candidate.Advised),
    ];

    /// <summary>Numbers in the grid of the measured settings, which are to be simulated too so that they can be placed.</summary>
    internal IEnumerable<long> Numbers => measured.Select(KeyOf).Where(numbers.ContainsKey).Select(key => numbers[key]);

    /// <summary>Whether a setting of the grid was measured and missed the SLO there.</summary>
    internal bool IsRefuted(long number) => measured.Any(candidate =>
        candidate.Advised.MeetsSlo == false && numbers.TryGetValue(KeyOf(candidate), out long own) && own == number);

    /// <summary>
    /// The measured setting that is recommended, with its number in the grid; <c>null</c> where the simulated pick is.
    /// </summary>
    /// <param name="pick">The simulated pick; <c>null</c> where no simulated setting meets the SLO.</param>
    /// <param name="known">Everything simulated, by number.</param>
    internal (Candidate Setting, long? Number)? Over(Candidate? pick, IReadOnlyDictionary<long, Candidate> known)
    {
        EvidenceKind kind = measured.Any(candidate => candidate.Advised.Evidence == EvidenceKind.Measured)
            ? EvidenceKind.Measured
            : EvidenceKind.Estimated;
        if (measured.Where(candidate => candidate.Advised.Evidence == kind && candidate.Advised.IsFeasible)
            .MinBy(candidate => candidate.ObjectiveValue) is not { } least)
        {
            return null;
        }

        long? number = numbers.TryGetValue(KeyOf(least), out long own) ? own : null;
        return pick is null || number == pick.Number || (number is { } placed && CannotTellApart(known.GetValueOrDefault(placed), pick))
            ? (least, number)
            : null;
    }

    /// <summary>Whether the simulation does not place the pick below another setting by more than can be told apart.</summary>
    private bool CannotTellApart(Candidate? other, Candidate pick)
    {
        if (other?.Compare(pick) is not { } logRatio)
        {
            return false;
        }

        double deviation = RatioErrors.Of([other, pick], evidence)?.DeviationBetween(0, 1) ?? 0;
        return logRatio.Mean <= 0 || FinalistRanking.IsTied(logRatio, deviation);
    }

    private SettingKey KeyOf(Candidate candidate) => SettingKey.Of(candidate.Setting, evidence.SystemOf);
}
