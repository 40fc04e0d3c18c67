using System.Text.Json.Nodes;
using GreenServe.Analysis.Artifacts;
using GreenServe.Analysis.Artifacts.Panels;
using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Tables;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Comparison.Pages;

/// <summary>Draws the grids of several sets over each other: energy and latency along each axis that the sets have in common.</summary>
internal static class OverlaidGrids
{
    // More series than this in a panel hide each other: then each setting of the other axes has a panel of its own.
    private const int MaxSeries = 8;

    // More panels than this are a table.
    private const int MaxPanels = 8;

    /// <summary>The figures of every experiment that at least two sets have.</summary>
    internal static IEnumerable<ComparisonFigure> FiguresOf(IReadOnlyList<ComparedSet> sets)
    {
        string[] experiments =
            [.. sets.SelectMany(set => set.Runs.Select(run => run.Metrics.Manifest.Experiment?.Experiment)).OfType<string>().Distinct()];
        foreach ((int index, string experiment) in experiments.Index())
        {
            ComparedSet[] having =
            [
                .. sets.Select(set => set with { Runs = [.. set.Runs.Where(run => IsOf(run, experiment))] })
                    .Where(set => set.Runs.Any(run => run.Metrics.IsValid)),
            ];
            if (having.Length < 2)
            {
                continue;
            }

            string name = $"comparison-{SlugOf(experiment, index)}";
            ResultTable table = GridTable.Of(name, [.. having.SelectMany(set => set.Runs.Select(run => Labelled(run, set.Label)))]);
            foreach (GridAxis axis in AxesOf(having).Where(axis => IsCommon(table, axis)))
            {
                yield return Draw(name, experiment, table, axis, [.. AxesOf(having).Where(other => other != axis)], having);
            }
        }
    }

    private static bool IsOf(ExperimentRun run, string experiment) => run.Metrics.Manifest.Experiment?.Experiment == experiment;

    private static GridAxis[] AxesOf(ComparedSet[] sets) =>
        [.. sets.SelectMany(set => set.Runs).SelectMany(run => run.Coordinates.Keys).Distinct().Select(GridAxes.Of)];

    /// <summary>Whether at least two places of an axis are those of at least two sets.</summary>
    private static bool IsCommon(ResultTable table, GridAxis axis) => table.Distinct(axis)
        .Count(place => table.Where(row => row.Text(axis) == place).Distinct(GridAxes.ComparedSet).Count > 1) > 1;

    private static ComparisonFigure Draw(
        string name, string experiment, ResultTable table, GridAxis along, GridAxis[] others, ComparedSet[] sets)
    {
        // An axis whose places are names has no scale.
        GridAxis x = table.Of(along) is TextColumn && along.Scale != AxisScale.Category
            ? along.Scaled(AxisScale.Category, hasLongNames: true)
            : along;
        GridAxis[] varied = [.. others.Where(axis => table.Distinct(axis).Count > 1)];
        (string Words, ResultTable Rows)[] parts = [.. table.Rows.Select(row => WordsOf(row, varied)).Distinct()
            .Select(words => (words, table.Where(row => WordsOf(row, varied) == words)))];
        FigureContent content = parts.Length * sets.Length <= MaxSeries
            ? new FigureContent(EveryMetric(new PanelBuilder(table, x, [GridAxes.ComparedSet, .. varied]), x))
            : new FigureContent(
                [
                    .. parts.Take(MaxPanels / 2)
                        .SelectMany(part => EnergyAndLatency(new PanelBuilder(part.Rows, x, [GridAxes.ComparedSet]), x, part.Words)),
                ],
                Note: $"The first {Math.Min(parts.Length, MaxPanels / 2)} of {parts.Length} settings of the other axes are drawn; "
                    + $"{name}.csv has all.");
        string note = $"{CaptionWriter.ErrorBars(table, content.Panels)} {content.Note}".Trim();
        return ComparisonFigure.Of(
            $"{name}-by-{SlugOf(along.Name)}",
            $"{experiment}: each set along {along.Legend}",
            $"How do energy and latency of the sets differ along {along.Legend}?",
            sets,
            content with { Note = note },
            table);
    }

    private static IReadOnlyList<Panel> EveryMetric(PanelBuilder panels, GridAxis x) =>
    [
        PanelOf(panels, x, "Energy per output token", MetricColumns.JoulesPerOutputToken),
        PanelOf(panels, x, "Throughput", MetricColumns.OutputTokensPerSecond),
        PanelOf(panels, x, "TTFT, p99", MetricColumns.TtftP99),
        PanelOf(panels, x, "TBT, p99", MetricColumns.TbtP99),
    ];

    private static IEnumerable<Panel> EnergyAndLatency(PanelBuilder panels, GridAxis x, string words)
    {
        yield return PanelOf(panels, x, $"Energy per output token, {words}", MetricColumns.JoulesPerOutputToken);
        yield return PanelOf(panels, x, $"TTFT p99, {words}", MetricColumns.TtftP99);
    }

    private static Panel PanelOf(PanelBuilder panels, GridAxis x, string title, MetricColumn metric) =>
        x.Scale == AxisScale.Category ? panels.Bars(title, metric) : panels.Lines(title, metric);

    private static string WordsOf(TableRow row, GridAxis[] axes) =>
        string.Join(", ", axes.Select(axis => axis.InWords(row.Text(axis))));

    /// <summary>A run whose place on the axis of sets is its set.</summary>
    private static ExperimentRun Labelled(ExperimentRun run, string label)
    {
        RunManifest manifest = run.Metrics.Manifest;
        Dictionary<string, JsonNode?> coordinates = new() { [GridAxes.ComparedSet.Name] = JsonValue.Create(label) };
        foreach ((string axis, JsonNode? place) in run.Coordinates)
        {
            coordinates[axis] = place;
        }

        ExperimentPoint point = manifest.Experiment! with { Coordinates = coordinates };
        return run with { Metrics = run.Metrics with { Manifest = manifest with { Experiment = point } } };
    }

    /// <summary>A name as a file's name: letters, digits and hyphens, and a number where nothing is left of it.</summary>
    private static string SlugOf(string name, int index = 0)
    {
        IEnumerable<char> letters = name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : '-');
        string slug = string.Concat(letters).Trim('-');
        string number = index == 0 ? "" : FormattableString.Invariant($"-{index + 1}");
        return slug.Length == 0 ? $"experiment{number}" : slug + number;
    }
}
