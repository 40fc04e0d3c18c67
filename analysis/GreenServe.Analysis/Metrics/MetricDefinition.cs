namespace GreenServe.Analysis.Metrics;

/// <summary>A metric of a run, as tables, figures, claims and comparisons know it.</summary>
/// <param name="Name">Column name in snake_case, ending in its unit, for example <c>ttft_p99_seconds</c>.</param>
/// <param name="Title">Words for people, without the unit.</param>
/// <param name="Unit">Unit of the column; empty for a share or a count.</param>
/// <param name="Better">Which way is good.</param>
/// <param name="Read">Takes it from a run.</param>
/// <param name="HasError">Whether meters state an error bound for it, so that tables carry one.</param>
public sealed record MetricDefinition(
    string Name, string Title, string Unit, Direction Better, Func<RunMetrics, Reading> Read, bool HasError = false);
