namespace GreenServe.Analysis.Comparison;

/// <summary>The result of a comparison of two sides, the baseline and the candidate.</summary>
public sealed record ComparisonReport
{
    /// <summary>How every metric of every operating point changed.</summary>
    public required IReadOnlyList<MetricChange> Changes { get; init; }

    /// <summary>Other differences between the two sides, such as knobs, versions and hardware, each in words.</summary>
    public required IReadOnlyList<string> Differences { get; init; }

    /// <summary>Notes for the reader, such as points that only one side has and invalid runs, each in words.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Operating points that have valid runs in the baseline and none in the candidate.</summary>
    public required IReadOnlyList<string> LostPoints { get; init; }

    /// <summary>Evidence kind of both sides.</summary>
    public required string Evidence { get; init; }

    /// <summary>How the verdicts are reached, in a sentence.</summary>
    public string Basis { get; init; } =
        $"Chance of any false alarm at most {ComparisonRule.FalseAlarmProbability:0 %}; intervals 95 %, between runs.";

    /// <summary>Whether a metric got worse or an operating point lost every valid run.</summary>
    public bool IsWorse => LostPoints.Count > 0 || Changes.Any(change => change.Verdict == ChangeVerdict.Worse);

    /// <summary>Number of metrics that have a verdict, over all operating points.</summary>
    /// <param name="verdict">The verdict.</param>
    public int Count(ChangeVerdict verdict) => Changes.Count(change => change.Verdict == verdict);

    /// <summary>Notes on the changes: how runs were compared, and which metrics only one side has.</summary>
    internal static IEnumerable<string> NotesOn(IReadOnlyList<MetricChange> changes)
    {
        if (changes.Any(change => change.IsPaired))
        {
            yield return "runs of equal workload and seed were compared in pairs";
        }

        IEnumerable<MetricChange> oneSided = changes.Where(
            change => change.Repetitions is { Baseline: > 0, Candidate: 0 } or { Baseline: 0, Candidate: > 0 });
        foreach (IGrouping<string?, MetricChange> group in oneSided.GroupBy(change => change.Reason))
        {
            yield return $"{string.Join(", ", group.Select(change => change.Metric.Metric.Title).Distinct())}: {group.Key}";
        }
    }

    /// <summary>The whole comparison in one line.</summary>
    public string Summary
    {
        get
        {
            (int worse, int better) = (Count(ChangeVerdict.Worse), Count(ChangeVerdict.Better));
            (int same, int open) = (Count(ChangeVerdict.Same), Count(ChangeVerdict.CannotTell));
            string lost = LostPoints.Count > 0 ? $"{LostPoints.Count} operating points lost every valid run; " : "";
            string head = IsWorse ? "WORSE" : better > 0 ? "BETTER" : open == 0 ? "SAME" : "NO REGRESSION FOUND";
            return $"{head}: {lost}{worse} worse, {better} better, {same} same, {open} cannot tell";
        }
    }
}
