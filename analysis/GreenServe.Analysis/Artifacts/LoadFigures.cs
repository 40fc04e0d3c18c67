using GreenServe.Analysis.Artifacts.Panels;
using GreenServe.Analysis.Attribution;
using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Metrics;
using GreenServe.Analysis.Tables;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Artifacts;

/// <summary>
/// Figures for what the table of the load artifact cannot show: whole distributions, power over time, and the energy of a token
/// step by step.
/// </summary>
internal static class LoadFigures
{
    // More than these cannot be told apart.
    private const int MaxCurves = 6;
    private const int MaxPanels = 4;
    private const int MaxSteps = 6;

    // Of a longer time the phases of single requests cannot be seen.
    private const double MaxPowerSeconds = 150;

    private static readonly GridAxis Axis = GridAxes.RequestsPerSecond;
    private static readonly NumberColumn Energy = TokenEnergy.Total.Mean;

    private static readonly TextColumn[] SetupColumns =
        [StandardColumns.Evidence, StandardColumns.System, StandardColumns.Engine, StandardColumns.Model];

    internal static RunCompanion Distributions { get; } = new(
        "load-latency", "Load: how latencies are spread", "What do the slow requests wait, and from which load on?",
        runs => Apart([.. Chosen(runs, MaxCurves)], RunFigures.Latencies));

    internal static RunCompanion Power { get; } = new(
        "load-power", "Load: power over time", "What does each phase draw, second by second?",
        runs => RunFigures.Power([.. Chosen(runs, MaxPanels)], MaxPowerSeconds));

    internal static RunCompanion Classes { get; } = new(
        "load-classes", "Load: request classes apart", "What does each class of a mixed load wait and cost?",
        runs => Apart([.. Chosen(runs, MaxCurves)], ByClass));

    internal static Artifact Waterfall { get; } = new()
    {
        Name = "load-waterfall",
        Title = "Load: the energy of a token, step by step",
        Question = "From idle machine to delivered token: what does each step add at the least and at the greatest load?",
        Axes = [Axis],
        Draw = table => new FigureContent(
            [.. Ends(table).Take(MaxSteps).Select(row => Steps(table, row))],
            PanelHeight: 260,
            Note: "Each bar begins where the one before ends; the last is the whole. Not split: what no baseline or phase accounts for."),
    };

    /// <summary>
    /// A figure of some runs in which systems of another size, and other models, have panels of their own: a large model's joules would
    /// leave nothing to see of a small one's.
    /// </summary>
    private static FigureContent Apart(NamedRun[] runs, Func<NamedRun[], FigureContent> draw)
    {
        FigureContent whole = draw(runs);
        IGrouping<string, NamedRun>[] groups =
            [.. runs.OrderBy(GpusOf).GroupBy(run => $"{run.Manifest.Model}, {ScaleGroup.GpuText(GpusOf(run))}")];
        return groups.Length < 2 ? whole : whole with
        {
            Panels = [.. whole.Panels.SelectMany(panel => groups.Select(group => Part(panel, group)))],
        };
    }

    private static int GpusOf(NamedRun run) => run.Manifest.System?.GpuCount ?? run.Manifest.Environment.Gpus.Count;

    private static Panel Part(Panel panel, IGrouping<string, NamedRun> group)
    {
        Series[] Own(IReadOnlyList<Series> series) => [.. series.Where(one => group.Any(run => run.Name == one.Name))];
        string title = $"{panel.Title} ({group.Key})";
        return panel switch
        {
            LinePanel lines => lines with { Title = title, Series = Own(lines.Series) },
            BarPanel bars => bars with { Title = title, Series = Own(bars.Series) },
            _ => panel,
        };
    }

    /// <summary>Bars of each class that occurs, one series a run; nothing where all requests are of one class.</summary>
    private static FigureContent ByClass(NamedRun[] runs)
    {
        string[] classes = [.. runs.SelectMany(run => run.Run.Metrics.ByClass).Select(one => one.Class).Distinct()
            .OrderBy(name => KnownOrder.Rank(name) ?? KnownOrder.Last)];
        if (classes.Length < 2)
        {
            return new FigureContent([]);
        }

        BarPanel Latency(string title, string label, Func<Latencies, double?> read) => ClassPanel(
            title, label, classes, runs, run => run.Metrics.ByClass.Select(one => new ClassValue(one.Class, 1000 * read(one.Latencies))));

        BarPanel[] panels =
        [
            Latency("TTFT, p50", "TTFT (ms)", latencies => latencies.Ttft?.P50Seconds),
            Latency("TTFT, p99", "TTFT (ms)", latencies => latencies.Ttft?.P99Seconds),
            Latency("TPOT, mean", "TPOT (ms)", latencies => latencies.Tpot?.MeanSeconds),
            ClassPanel(
                "Energy of a request",
                EnergyLabel.Of("energy (J/request)", runs.Select(run => run.Manifest.Evidence)),
                classes,
                runs,
                JoulesByClass),
        ];
        return new FigureContent(
            panels,
            Note: "One run a load. Energy of a request: simulated, as each step was spent; measured, each instant's power in equal shares "
                + "to the requests in flight. A class without a bar had no completed request.");
    }

    private static BarPanel ClassPanel(
        string title, string label, string[] classes, NamedRun[] runs, Func<ExperimentRun, IEnumerable<ClassValue>> read) => new()
        {
            Title = title,
            X = new FigureAxis { Label = "Request class", Scale = AxisScale.Category, Categories = classes },
            Y = new FigureAxis { Label = label, FromZero = true },
            HasValues = false,
            Series = [.. runs
            .Select((run, index) => new Series(run.Name, new SeriesStyle(Palette.Of(index)), [.. read(run.Run)
                .Where(one => one.Value is not null).OrderBy(one => Array.IndexOf(classes, one.Class))
                .Select(one => new FigurePoint(Array.IndexOf(classes, one.Class), one.Value!.Value))]))
            .Where(series => series.Points.Count > 0)],
        };

    /// <summary>
    /// Mean energy of a request of each class (J): what the backend attributed, otherwise equal shares of the power at each instant.
    /// </summary>
    private static IEnumerable<ClassValue> JoulesByClass(ExperimentRun run) =>
        run.Metrics.AttributedJoulesPerRequest.Value is not null
            ? run.Metrics.ByClass.Select(one => new ClassValue(one.Class, one.AttributedJoulesPerRequest.Value))
            : RequestAttribution.Of(RunRecord.Read(run.Folder), run.Metrics.Steps)?.ByClass
                .Select(one => new ClassValue(one.Class, one.Joules / one.Requests)) ?? [];

    /// <summary>
    /// The first valid run of each evidence kind, system and model at some loads. Each of them gets as many loads as there is room for: the
    /// smallest, the middle and the largest one.
    /// </summary>
    private static IEnumerable<NamedRun> Chosen(IReadOnlyList<ExperimentRun> runs, int limit)
    {
        IGrouping<(EvidenceKind Evidence, string System, string Model), ExperimentRun>[] groups = [.. runs
            .Where(run => run.Metrics.IsValid && LoadOf(run) is not null)
            .GroupBy(run => (run.Metrics.Manifest.Evidence, run.System, run.Metrics.Manifest.Model))];
        List<NamedRun> chosen = [];
        foreach (IGrouping<(EvidenceKind Evidence, string System, string Model), ExperimentRun> group in groups)
        {
            ExperimentRun[] loads = [.. group.OrderBy(LoadOf).DistinctBy(LoadOf)];
            string suffix = groups.Length > 1 ? $", {EnumText.Of(group.Key.Evidence)}, {group.Key.Model}" : "";
            int[] places = (limit / groups.Length) switch
            {
                >= 3 => [0, loads.Length / 2, loads.Length - 1],
                2 => [0, loads.Length - 1],
                _ => [loads.Length / 2],
            };
            chosen.AddRange(places.Distinct()
                .Select(place => new NamedRun($"{NumberText.Short(LoadOf(loads[place])!.Value)} requests/s{suffix}", loads[place])));
        }

        return chosen.Take(limit);
    }

    private static double? LoadOf(ExperimentRun run) => GridRow.PlaceOf(run, Axis) as double?;

    /// <summary>The rows of smallest and largest load of each evidence kind, system, engine and model.</summary>
    private static IEnumerable<TableRow> Ends(ResultTable table)
    {
        table.Require([.. SetupColumns, Axis, .. TokenEnergy.Columns]);
        return table.Rows.Where(row => row[Energy] is > 0 && row.Number(Axis) is not null)
            .GroupBy(row => string.Join('\u001f', SetupColumns.Select(column => row[column])))
            .SelectMany(group => new[] { group.MinBy(row => row.Number(Axis))!, group.MaxBy(row => row.Number(Axis))! }.Distinct());
    }

    private static BarPanel Steps(ResultTable table, TableRow row)
    {
        TokenEnergyPart[] steps = [.. TokenEnergy.Parts(row), new TokenEnergyPart("total", 0, row[Energy]!.Value)];
        string evidence = table.Distinct(StandardColumns.Evidence).Count > 1 ? $", {row[StandardColumns.Evidence]}" : "";
        string model = table.Distinct(StandardColumns.Model).Count > 1 ? $", {row[StandardColumns.Model]}" : "";
        return new BarPanel
        {
            Title = $"{NumberText.Short(row.Number(Axis)!.Value)} requests/s{evidence}{model}",
            X = new FigureAxis { Label = "", Scale = AxisScale.Category, Categories = [.. steps.Select(step => step.Name)] },
            Y = new FigureAxis { Label = TokenEnergy.Total.AxisLabel("J", table), FromZero = true },
            Series = [.. steps.Select((step, index) => new Series(
                "",
                new SeriesStyle(PhaseColors.Of(step.Name)),
                [new FigurePoint(index, step.ToJoulesPerToken, Base: step.FromJoulesPerToken)]))],
            IsStacked = true,
        };
    }

    /// <summary>A quantity of one request class; without a number where no request of the class was completed.</summary>
    private sealed record ClassValue(string Class, double? Value);
}
