namespace GreenServe.Analysis.Comparison;

/// <summary>The values of one metric of one operating point on both sides.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Point">The operating point in words; empty when there is only one.</param>
/// <param name="Baseline">One value a run.</param>
/// <param name="Candidate">One value a run.</param>
/// <param name="IsPaired">Whether values at the same index come from runs of the same workload and seed.</param>
/// <param name="Reason">Why a side has no values; <c>null</c> where both have.</param>
public sealed record MetricSamples(
    GatedMetric Metric,
    string Point,
    IReadOnlyList<double> Baseline,
    IReadOnlyList<double> Candidate,
    bool IsPaired,
    string? Reason = null);
