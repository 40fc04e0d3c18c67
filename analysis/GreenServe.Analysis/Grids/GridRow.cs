using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using GreenServe.Analysis.Advising;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Metrics;
using GreenServe.Analysis.Statistics;
using GreenServe.Analysis.Tables;
using GreenServe.Records.Documents;
using GreenServe.Records.Measurements;
using GreenServe.Records.Verdicts;

namespace GreenServe.Analysis.Grids;

/// <summary>The repetitions of one operating point under one evidence kind: a row of the table of a grid.</summary>
internal sealed class GridRow
{
    private readonly Dictionary<Column, object?> places;
    private readonly Dictionary<MetricColumn, MetricSummary> summaries;
    private readonly IReadOnlyList<MetricColumn> metrics;
    private readonly ExperimentRun[] runs;
    private readonly RunMetrics[] valid;
    private readonly IReadOnlyList<LimitMargin> limits;

    /// <param name="runs">The repetitions; at least one.</param>
    /// <param name="axes">The axes of the table.</param>
    /// <param name="metrics">The metrics of the table.</param>
    /// <param name="stated">The axes of the experiment with their roles, as a cell; <c>null</c> where it has none.</param>
    internal GridRow(
        ExperimentRun[] runs,
        IReadOnlyList<GridAxis> axes,
        IReadOnlyList<MetricColumn> metrics,
        string? stated)
    {
        this.metrics = metrics;
        this.runs = runs;
        valid = [.. runs.Select(run => run.Metrics).Where(metrics => metrics.IsValid)];
        limits = AdvisedRuns.MarginsOf(valid);
        Axes = stated;
        places = axes.ToDictionary(Column (axis) => axis, axis => PlaceOf(runs[0], axis));
        summaries = metrics.ToDictionary(metric => metric, metric => new MetricSummary([.. valid.Select(metric.Metric.Read)]));
    }

    /// <summary>The first repetition: in what serves and what is asked, the others are like it.</summary>
    internal ExperimentRun First => runs[0];

    internal string Evidence => EnumText.Of(First.Metrics.Manifest.Evidence);

    /// <summary>The axes of the experiment with their roles, as a cell; <c>null</c> where it has none.</summary>
    internal string? Axes { get; }

    /// <summary>The limits of the SLO in words; <c>null</c> where there is none.</summary>
    internal string? SloLimits => First.Metrics.Manifest.Slo is { } slo ? string.Join("; ", slo.Limits.Select(LimitText.Allowed)) : null;

    /// <summary>The latency found at each limit in words; <c>null</c> where no valid repetition was held against an SLO.</summary>
    internal string? SloFound => NullIfEmpty(string.Join("; ", limits.Where(limit => limit.Ratio is not null).Select(LimitText.Found)));

    /// <summary>
    /// The limits that hold and may be missed within the simulator's error band, in words; <c>null</c> where there are none.
    /// </summary>
    internal string? SloAtRisk => NullIfEmpty(string.Join("; ", LimitText.AtRisk(limits)));

    internal string Seeds => string.Join(' ', runs.Select(run => run.Metrics.Manifest.Seed).Distinct().Order());

    internal string? EnergyScope => valid.FirstOrDefault()?.Energy.Scope is { } scope ? EnumText.Of(scope) : null;

    internal string? EnergySource => valid.FirstOrDefault()?.Energy.Source is { } source ? EnumText.Of(source) : null;

    internal int Repetitions => valid.Length;

    internal int InvalidRepetitions => runs.Length - valid.Length;

    /// <summary>Repetitions whose load the server did not carry.</summary>
    internal int OverloadedRepetitions => runs.Count(run => run.Metrics.Reasons.Any(reason => reason.Subject == VerdictSubject.Load));

    /// <summary>Completed requests behind the latencies of all valid repetitions together.</summary>
    internal long RequestsMeasured => valid.Sum(run => (long)run.Counts.Completed);

    /// <summary>The metrics without a number, each with its reason; <c>null</c> where every metric has a number.</summary>
    internal string? NotMeasured => NullIfEmpty(string.Join("; ", metrics
        .SelectMany(metric => summaries[metric].MissingReasons.Select(reason => (metric.Metric.Name, Reason: reason)))
        .GroupBy(missing => missing.Reason)
        .Select(group => $"{string.Join(", ", group.Select(missing => missing.Name).Distinct())}: {group.Key}")));

    /// <summary>Why repetitions were left out; <c>null</c> where none was.</summary>
    internal string? Invalid => NullIfEmpty(string.Join("; ", runs.Where(run => !run.Metrics.IsValid)
        .SelectMany(run => run.Metrics.Reasons).Select(reason => $"{reason.Code}: {reason.Message}").Distinct()));

    /// <summary>Why the simulated numbers lie outside of what was validated; <c>null</c> where they lie within, or are measured.</summary>
    internal string? Extrapolated => valid.FirstOrDefault()?.Manifest.ErrorBands?.ExtrapolatedInWords;

    /// <summary>What a simulated metric may be off by, as the first valid repetition says.</summary>
    internal ErrorBand? BandOf(MetricColumn metric) => valid.FirstOrDefault() is { } run ? metric.Metric.Band?.Invoke(run) : null;

    internal MetricSummary Of(MetricColumn metric) => summaries[metric];

    /// <summary>A metric in each valid repetition, with its seed; <c>null</c> where none has a number.</summary>
    internal string? Of(SeedValues values) => values.TextOf(valid);

    /// <summary>The place on an axis: a <c>double</c>, a <c>string</c>, or <c>null</c> where the runs do not say it.</summary>
    internal object? Place(GridAxis axis) => places[axis];

    /// <summary>
    /// A run's place on an axis. On an axis that its experiment does not vary, it is what the run's manifest says, if that says it.
    /// </summary>
    internal static object? PlaceOf(ExperimentRun run, GridAxis axis)
    {
        if (run.Coordinates.TryGetValue(axis.Name, out JsonNode? place))
        {
            return Cell(place);
        }

        return axis.PlaceOf(run.Metrics.Manifest)
            ?? GridColumns.Identities.FirstOrDefault(identity => identity.Definition.Equals(axis))?.Read(run);
    }

    internal static string? TextOf(object? place) => place is double number ? NumberText.Exact(number) : (string?)place;

    private static object? Cell(JsonNode? node) => node switch
    {
        null => null,
        JsonValue value when value.TryGetValue(out bool flag) => flag ? "true" : "false",
        JsonValue value when value.TryGetValue(out double number) => number,
        JsonValue value when value.GetValueKind() == JsonValueKind.Number =>
            double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture),

        // Cases of a grid have names; those that are numbers are numbers.
        JsonValue value when value.TryGetValue(out string? text) =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
                ? number
                : text,
        _ => node.ToJsonString(),
    };

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}

/// <summary>One metric over the valid repetitions of an operating point.</summary>
internal sealed class MetricSummary
{
    /// <param name="readings">The metric of each valid repetition.</param>
    internal MetricSummary(Reading[] readings)
    {
        Mean = MeanInterval.Of([.. readings.Select(reading => reading.Value).OfType<double>()]);
        Error = readings.Max(reading => reading.ErrorBound);
        MissingReasons = [.. readings.Where(reading => reading.Value is null).Select(reading => reading.NotMeasured!)];
    }

    /// <summary>Mean and interval between runs; <c>null</c> where no repetition has a number.</summary>
    internal MeanInterval? Mean { get; }

    /// <summary>Largest error bound of the measurement itself; <c>null</c> where none is stated.</summary>
    internal double? Error { get; }

    /// <summary>
    /// Error bound and half the interval in quadrature. Where one of them is not known it is the other; where neither is, <c>null</c>.
    /// </summary>
    internal double? Uncertainty => Error is null && Mean?.HalfWidth is null
        ? null
        : Math.Sqrt(Square(Error ?? 0) + Square(Mean?.HalfWidth ?? 0));

    /// <summary>Why repetitions have no number.</summary>
    internal IReadOnlyList<string> MissingReasons { get; }

    private static double Square(double value) => value * value;
}
