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

    /// <summary>What the baseline has and the candidate has not: points and benchmarks that vanished or failed.</summary>
    public required IReadOnlyList<LostResult> Lost { get; init; }

    /// <summary>Evidence kind of both sides.</summary>
    public required string Evidence { get; init; }

    /// <summary>How the verdicts are reached, in a sentence.</summary>
    public string Basis { get; init; } =
        $"Chance of any false alarm at most {ComparisonRule.FalseAlarmProbability:0 %}; intervals 95 %, between runs.";

    /// <summary>Whether a metric got worse or the candidate lost something that the baseline has.</summary>
    public bool IsWorse => Lost.Count > 0 || Changes.Any(change => change.Verdict == ChangeVerdict.Worse);

    /// <summary>
    /// Whether a gate lets the candidate through: nothing is worse, nothing was lost, and at least one metric could be told. A comparison
    /// that can tell nothing has checked nothing.
    /// </summary>
    public bool PassesGate => !IsWorse && !TellsNothing;

    private bool TellsNothing => Changes.All(change => change.Verdict == ChangeVerdict.CannotTell);

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
            string lost = Lost.Count > 0 ? $"{Lost.Count} lost, " : "";
            string head = IsWorse ? "WORSE" : better > 0 ? "BETTER" : TellsNothing ? "CANNOT TELL"
                : open == 0 ? "SAME" : "NO REGRESSION FOUND";
            return $"{head}: {lost}{worse} worse, {better} better, {same} same, {open} cannot tell";
        }
    }
}

/// <summary>Something that the baseline has and the candidate has not.</summary>
/// <param name="Point">The operating point or benchmark in words; empty when there is only one.</param>
/// <param name="Reason">What became of it.</param>
public sealed record LostResult(string Point, string Reason)
{
    /// <summary>The reason where a point has no run in the candidate.</summary>
    internal const string Vanished = "not in the candidate";

    /// <summary>The reason where a point has runs in the candidate, but none that counts.</summary>
    internal const string Failed = "every run of the candidate is invalid";

    /// <summary>What was lost, in words.</summary>
    public string Name => Point.Length > 0 ? Point : "the candidate";

    /// <summary>What was lost and what became of it, in words.</summary>
    public override string ToString() => $"{Name}: {Reason}";
}
