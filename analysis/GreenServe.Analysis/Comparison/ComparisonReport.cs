namespace GreenServe.Analysis.Comparison;

/// <summary>A whole comparison.</summary>
public sealed record ComparisonReport
{
    /// <summary>Every metric of every operating point.</summary>
    public required IReadOnlyList<MetricChange> Changes { get; init; }

    /// <summary>What differs between the sides beside the numbers: knobs, versions, hardware.</summary>
    public required IReadOnlyList<string> Differences { get; init; }

    /// <summary>What a reader must know: points of one side only, invalid runs.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Whether the candidate lost validity: valid runs in the baseline, none in the candidate.</summary>
    public required IReadOnlyList<string> LostPoints { get; init; }

    /// <summary>Evidence kind of both sides.</summary>
    public required string Evidence { get; init; }

    /// <summary>How verdicts come about, in a sentence.</summary>
    public string Basis { get; init; } = $"Chance of any false alarm at most {ComparisonRule.FalseAlarmRate:0 %}; intervals 95 %, between runs.";

    /// <summary>Whether anything got worse.</summary>
    public bool IsWorse => LostPoints.Count > 0 || Changes.Any(change => change.Verdict == ChangeVerdict.Worse);

    /// <summary>How many metrics have a verdict.</summary>
    public int Count(ChangeVerdict verdict) => Changes.Count(change => change.Verdict == verdict);

    /// <summary>What readers of the changes must know: how runs were compared, and metrics that one side has lost.</summary>
    internal static IEnumerable<string> NotesOn(IReadOnlyList<MetricChange> changes)
    {
        if (changes.Any(change => change.IsPaired))
        {
            yield return "runs of equal workload and seed were compared in pairs";
        }

        foreach (IGrouping<string?, MetricChange> group in changes.Where(change => change.Repetitions is { Baseline: > 0, Candidate: 0 } or { Baseline: 0, Candidate: > 0 })
            .GroupBy(change => change.Reason))
        {
            yield return $"{string.Join(", ", group.Select(change => change.Metric.Metric.Title).Distinct())}: {group.Key}";
        }
    }

    /// <summary>The whole comparison in one line.</summary>
    public string Summary
    {
        get
        {
            string lost = LostPoints.Count > 0 ? $"{LostPoints.Count} operating points lost every valid run; " : "";
            string head = IsWorse ? "WORSE" : Count(ChangeVerdict.Better) > 0 ? "BETTER" : Count(ChangeVerdict.CannotTell) == 0 ? "SAME" : "NO REGRESSION FOUND";
            return $"{head}: {lost}{Count(ChangeVerdict.Worse)} worse, {Count(ChangeVerdict.Better)} better, {Count(ChangeVerdict.Same)} same, "
                + $"{Count(ChangeVerdict.CannotTell)} cannot tell";
        }
    }
}
