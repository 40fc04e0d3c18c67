using GreenServe.Records.Measurements;

namespace GreenServe.Analysis.Metrics;

/// <summary>A metric of a run, as tables, figures, claims and comparisons know it.</summary>
/// <param name="Name">Name of the column in snake_case, ending in its unit, for example <c>ttft_p99_seconds</c>.</param>
/// <param name="Title">Words for people, without the unit.</param>
/// <param name="Unit">Unit of the column; empty for a share or a count, which have none.</param>
/// <param name="Better">Whether a lower or a higher value is better.</param>
/// <param name="Read">Takes the metric from the metrics of a run.</param>
/// <param name="HasError">Whether meters state an error bound for the metric, so that tables carry a column for it.</param>
public sealed record MetricDefinition(
    string Name, string Title, string Unit, Direction Better, Func<RunMetrics, Reading> Read, bool HasError = false)
{
    /// <summary>
    /// Takes what a simulated value of the metric may be off by; <c>null</c> for a metric whose errors were never compared.
    /// </summary>
    public Func<RunMetrics, ErrorBand?>? Band { get; init; }

    /// <summary>Whether only runs of a simulated cluster have the metric.</summary>
    public bool IsOfCluster { get; init; }

    /// <summary>
    /// Whether a run has the metric, or a reason why it lacks it. Tables without such a run leave the metric out. <c>null</c> for a metric
    /// that every table has.
    /// </summary>
    public Func<RunMetrics, bool>? AppliesTo { get; init; }
}

/// <summary>Whether lower or higher values of a metric are better.</summary>
public enum Direction
{
    /// <summary>Lower values are better, as for latency and energy.</summary>
    Lower,

    /// <summary>Higher values are better, as for throughput and attainment.</summary>
    Higher,

    /// <summary>The metric describes the run; no value of it is better than another.</summary>
    Neither,
}
