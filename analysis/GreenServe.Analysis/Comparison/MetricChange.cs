namespace GreenServe.Analysis.Comparison;

/// <summary>How one metric of one operating point changed.</summary>
public sealed record MetricChange
{
    /// <summary>What was compared.</summary>
    public required GatedMetric Metric { get; init; }

    /// <summary>The operating point in words; empty when there is only one.</summary>
    public required string Point { get; init; }

    /// <summary>What it says.</summary>
    public required ChangeVerdict Verdict { get; init; }

    /// <summary>Repetitions with a value: baseline, candidate.</summary>
    public required (int Baseline, int Candidate) Repetitions { get; init; }

    /// <summary>Mean of the baseline, in the metric's unit; geometric where the effect is a ratio.</summary>
    public double? Baseline { get; init; }

    /// <summary>Mean of the candidate.</summary>
    public double? Candidate { get; init; }

    /// <summary>Candidate / baseline - 1, or the difference for a share.</summary>
    public double? Effect { get; init; }

    /// <summary>Lower end of the 95 % interval of the effect.</summary>
    public double? Low { get; init; }

    /// <summary>Upper end of the 95 % interval of the effect.</summary>
    public double? High { get; init; }

    /// <summary>p-value of "no change".</summary>
    public double? PValue { get; init; }

    /// <summary>The p-value corrected for all metrics and points of the comparison (Holm).</summary>
    public double? AdjustedPValue { get; init; }

    /// <summary>Whether runs were paired by workload and seed.</summary>
    public bool IsPaired { get; init; }

    /// <summary>Repetitions on each side that would tell, at this spread; <c>null</c> when not needed or not known.</summary>
    public int? RepetitionsNeeded { get; init; }

    /// <summary>Why it cannot be told, beyond too few repetitions; <c>null</c> otherwise.</summary>
    public string? Reason { get; init; }
}
