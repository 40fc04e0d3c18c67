using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Metrics;
using GreenServe.Analysis.Tables;
using GreenServe.Records;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Artifacts;

/// <summary>What the table of the load artifact cannot show: whole distributions, power over time, and the energy of a token step by step.</summary>
internal static class LoadFigures
{
    private const string Axis = "requests_per_second";
    private const string Energy = "joules_per_output_token";

    // More than these cannot be told apart.
    private const int MostCurves = 6;
    private const int MostPanels = 4;

    private static readonly (string Name, string Metric)[] Parts =
    [
        ("idle", "idle_joules_per_output_token"), ("loaded-idle", "loaded_idle_joules_per_output_token"),
        ("prefill", "prefill_joules_per_output_token"), ("decode", "decode_joules_per_output_token"),
    ];

    internal static RunCompanion Distributions { get; } = new(
        "load-latency", "Load: how latencies are spread", "What do the slow requests wait, and from which load on?",
        runs => RunFigures.Latencies([.. Chosen(runs, MostCurves)]));

    internal static RunCompanion Power { get; } = new(
        "load-power", "Load: power over time", "What does each phase draw, second by second?",
        runs => RunFigures.Power([.. Chosen(runs, MostPanels)]));

    internal static RunCompanion Classes { get; } = new(
        "load-classes", "Load: request classes apart", "What does each class of a mixed load wait and cost?",
        runs => ByClass([.. Chosen(runs, MostCurves)]));

    internal static Artifact Waterfall { get; } = new()
    {
        Name = "load-waterfall",
        Title = "Load: the energy of a token, step by step",
        Question = "From idle machine to delivered token: what does each step add at the least and at the greatest load?",
        Axes = [Axis],
        Draw = tables => new FigureContent(
            [.. Ends(tables[0]).Take(MostPanels).Select(row => Steps(tables[0], row))],
            PanelHeight: 260,
            Note: "Each bar begins where the one before ends; the last is the whole. Not split: what no baseline or phase accounts for."),
    };

    /// <summary>Bars of each class that occurs, one series a run; nothing where all requests are of one class.</summary>
    private static FigureContent ByClass((string Name, ExperimentRun Run)[] runs)
    {
        string[] classes = [.. runs.SelectMany(run => run.Run.Metrics.ByClass).Select(one => one.Class).Distinct().OrderBy(name => KnownOrder.Rank(name) ?? KnownOrder.Last)];
        BarPanel Panel(string title, string label, Func<ClassMetrics, double?> read) => new()
        {
            Title = title,
            X = new FigureAxis { Label = "Request class", Scale = AxisScale.Category, Categories = classes },
            Y = new FigureAxis { Label = label, FromZero = true },
            HasValues = false,
            Series = [.. runs.Select((run, index) => new Series(run.Name, new SeriesStyle(Palette.Of(index)), [.. run.Run.Metrics.ByClass
                .Select(one => (Place: Array.IndexOf(classes, one.Class), Value: read(one))).Where(one => one.Value is not null)
                .OrderBy(one => one.Place).Select(one => new FigurePoint(one.Place, one.Value!.Value))])).Where(series => series.Points.Count > 0)],
        };

        return classes.Length < 2 ? new FigureContent([]) : new FigureContent(
            [
                .. new[]
                {
                    Panel("TTFT, p50", "TTFT (ms)", one => 1000 * one.Latencies.Ttft?.P50Seconds),
                    Panel("TTFT, p99", "TTFT (ms)", one => 1000 * one.Latencies.Ttft?.P99Seconds),
                    Panel("TPOT, mean", "TPOT (ms)", one => 1000 * one.Latencies.Tpot?.MeanSeconds),
                    Panel("Energy attributed to a request", "energy (J/request)", one => one.AttributedJoulesPerRequest.Value),
                }.Where(panel => panel.Series.Count > 0),
            ],
            Note: "One run a load. A class without a bar had no completed request, or its energy was not attributed.");
    }

    /// <summary>First valid runs at the least, middle and greatest load of each evidence kind, system and model.</summary>
    private static IEnumerable<(string Name, ExperimentRun Run)> Chosen(IReadOnlyList<ExperimentRun> runs, int most)
    {
        IGrouping<(EvidenceKind Evidence, string System, string Model), ExperimentRun>[] groups = [.. runs.Where(run => run.Metrics.IsValid)
            .GroupBy(run => (run.Metrics.Manifest.Evidence, run.System, run.Metrics.Manifest.Model))];
        List<(string Name, ExperimentRun Run)> chosen = [];
        foreach (IGrouping<(EvidenceKind Evidence, string System, string Model), ExperimentRun> group in groups)
        {
            ExperimentRun[] loads = [.. group.OrderBy(Load).DistinctBy(Load)];
            string suffix = groups.Length > 1 ? $", {EnumText.Of(group.Key.Evidence)}, {group.Key.Model}" : "";
            chosen.AddRange(new[] { 0, loads.Length / 2, loads.Length - 1 }.Distinct()
                .Select(index => ($"{NumberText.Short(Load(loads[index]))} requests/s{suffix}", loads[index])));
        }

        return chosen.Take(most);
    }

    private static double Load(ExperimentRun run) => GridTable.Coordinate(run, Axis) as double? ?? 0;

    /// <summary>The rows of least and greatest load of each evidence kind, system and model.</summary>
    private static IEnumerable<int> Ends(ResultTable table) => Enumerable.Range(0, table.Rows.Count)
        .Where(row => table.Number(row, Energy) is > 0 && table.Number(row, Axis) is not null)
        .GroupBy(row => string.Join('\u001f', new[] { "evidence", "system", "engine", "model" }.Select(column => table.Text(row, column))))
        .SelectMany(group => new[] { group.MinBy(row => table.Number(row, Axis)), group.MaxBy(row => table.Number(row, Axis)) }.Distinct());

    private static BarPanel Steps(ResultTable table, int row)
    {
        double total = table.Number(row, Energy)!.Value;
        double top = 0;
        List<(string Name, double From, double To)> steps = [];
        foreach ((string name, string metric) in Parts)
        {
            if (table.Number(row, metric) is { } joules)
            {
                steps.Add((name, top, top + joules));
                top += joules;
            }
        }

        if (Math.Abs(total - top) > 0.001 * total)
        {
            steps.Add(("not split", top, total));
        }

        steps.Add(("total", 0, total));
        bool severalKinds = table.Distinct("evidence").Count > 1;
        return new BarPanel
        {
            Title = $"{NumberText.Short(table.Number(row, Axis)!.Value)} requests/s{(severalKinds ? $", {table.Text(row, "evidence")}" : "")}"
                + (table.Distinct("model").Count > 1 ? $", {table.Text(row, "model")}" : ""),
            X = new FigureAxis { Label = "", Scale = AxisScale.Category, Categories = [.. steps.Select(step => step.Name)] },
            Y = new FigureAxis { Label = AxisCatalogue.Label(MetricCatalogue.Of(Energy), "J"), FromZero = true },
            Series = [.. steps.Select((step, index) => new Series("", new SeriesStyle(PhaseColors.Of(step.Name)), [new FigurePoint(index, step.To, Base: step.From)]))],
            IsStacked = true,
        };
    }
}
