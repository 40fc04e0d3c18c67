namespace GreenServe.Analysis.Comparison;

/// <summary>How one metric of one operating point changed from the baseline to the candidate.</summary>
public sealed record MetricChange
{
    /// <summary>The metric, and how large a change of it matters.</summary>
    public required GatedMetric Metric { get; init; }

    /// <summary>The operating point in words; empty when there is only one.</summary>
    public required string Point { get; init; }

    /// <summary>Whether the metric became better, worse or neither.</summary>
    public required ChangeVerdict Verdict { get; init; }

    /// <summary>Number of repetitions that have a value, in the baseline and in the candidate.</summary>
    public required (int Baseline, int Candidate) Repetitions { get; init; }

    /// <summary>Mean of the baseline in the metric's unit, geometric where the effect is a ratio; <c>null</c> without values.</summary>
    public double? Baseline { get; init; }

    /// <summary>Mean of the candidate, as <see cref="Baseline"/> is.</summary>
    public double? Candidate { get; init; }

    /// <summary>Candidate / baseline - 1, or the difference for a metric that is a share; <c>null</c> where there is neither.</summary>
    public double? Effect { get; init; }

    /// <summary>Lower end of the 95 % interval of the effect; <c>null</c> without an interval.</summary>
    public double? Low { get; init; }

    /// <summary>Upper end of the 95 % interval of the effect; <c>null</c> without an interval.</summary>
    public double? High { get; init; }

    /// <summary>p-value of "no change"; <c>null</c> if the metric was not tested.</summary>
    public double? PValue { get; init; }

    /// <summary>The p-value corrected for all metrics and points of the comparison (Holm); <c>null</c> without a test.</summary>
    public double? AdjustedPValue { get; init; }

    /// <summary>Whether runs were compared in pairs of equal workload and seed.</summary>
    public bool IsPaired { get; init; }

    /// <summary>Repetitions on each side that would decide, at this spread; <c>null</c> when not needed or not known.</summary>
    public int? RepetitionsNeeded { get; init; }

    /// <summary>Why the metric could not be tested, or why there is no ratio; <c>null</c> otherwise.</summary>
    public string? Reason { get; init; }
}

/// <summary>The outcome of comparing one metric of two sides.</summary>
public enum ChangeVerdict
{
    /// <summary>The metric changed for the better, certainly and by at least the practical threshold.</summary>
    Better,

    /// <summary>Any change of the metric is smaller than the practical threshold.</summary>
    Same,

    /// <summary>The metric changed for the worse, certainly and by at least the practical threshold.</summary>
    Worse,

    /// <summary>The repetitions do not suffice to decide.</summary>
    CannotTell,
}
