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

/// <summary>What the table of the load artifact cannot show: whole distributions, power over time, and the energy of a token step by step.</summary>
internal static class LoadFigures
{
    private const string Axis = "requests_per_second";
    private const string Energy = TokenEnergy.Metric;

    // More than these cannot be told apart.
    private const int MaxCurves = 6;
    private const int MaxPanels = 4;
    private const int MaxSteps = 6;

    internal static RunCompanion Distributions { get; } = new(
        "load-latency", "Load: how latencies are spread", "What do the slow requests wait, and from which load on?",
        runs => RunFigures.Latencies([.. Chosen(runs, MaxCurves)]));

    internal static RunCompanion Power { get; } = new(
        "load-power", "Load: power over time", "What does each phase draw, second by second?",
        runs => RunFigures.Power([.. Chosen(runs, MaxPanels)]));

    internal static RunCompanion Classes { get; } = new(
        "load-classes", "Load: request classes apart", "What does each class of a mixed load wait and cost?",
        runs => ByClass([.. Chosen(runs, MaxCurves)]));

    internal static Artifact Waterfall { get; } = new()
    {
        Name = "load-waterfall",
        Title = "Load: the energy of a token, step by step",
        Question = "From idle machine to delivered token: what does each step add at the least and at the greatest load?",
        Axes = [Axis],
        Draw = tables => new FigureContent(
            [.. Ends(tables[0]).Take(MaxSteps).Select(row => Steps(tables[0], row))],
            PanelHeight: 260,
            Note: "Each bar begins where the one before ends; the last is the whole. Not split: what no baseline or phase accounts for."),
    };

    /// <summary>Bars of each class that occurs, one series a run; nothing where all requests are of one class.</summary>
    private static FigureContent ByClass((string Name, ExperimentRun Run)[] runs)
    {
        string[] classes = [.. runs.SelectMany(run => run.Run.Metrics.ByClass).Select(one => one.Class).Distinct().OrderBy(name => KnownOrder.Rank(name) ?? KnownOrder.Last)];
        BarPanel Panel(string title, string label, Func<ExperimentRun, IEnumerable<(string Class, double? Value)>> read) => new()
        {
            Title = title,
            X = new FigureAxis { Label = "Request class", Scale = AxisScale.Category, Categories = classes },
            Y = new FigureAxis { Label = label, FromZero = true },
            HasValues = false,
            Series = [.. runs.Select((run, index) => new Series(run.Name, new SeriesStyle(Palette.Of(index)), [.. read(run.Run)
                .Select(one => (Place: Array.IndexOf(classes, one.Class), one.Value)).Where(one => one.Value is not null)
                .OrderBy(one => one.Place).Select(one => new FigurePoint(one.Place, one.Value!.Value))])).Where(series => series.Points.Count > 0)],
        };

        BarPanel Latency(string title, string label, Func<Latencies, double?> read) =>
            Panel(title, label, run => run.Metrics.ByClass.Select(one => (one.Class, 1000 * read(one.Latencies))));

        // A large model's joules would leave nothing to see of a small one's.
        string[] models = [.. runs.Select(run => run.Run.Metrics.Manifest.Model).Distinct()];
        return classes.Length < 2 ? new FigureContent([]) : new FigureContent(
            [
                .. new[]
                {
                    Latency("TTFT, p50", "TTFT (ms)", latencies => latencies.Ttft?.P50Seconds),
                    Latency("TTFT, p99", "TTFT (ms)", latencies => latencies.Ttft?.P99Seconds),
                    Latency("TPOT, mean", "TPOT (ms)", latencies => latencies.Tpot?.MeanSeconds),
                }.Concat(models.Select(model => Panel(
                    $"Energy attributed to a request{(models.Length > 1 ? $", {model}" : "")}", "energy (J/request)",
                    run => run.Metrics.Manifest.Model == model ? JoulesByClass(run) : []))).Where(panel => panel.Series.Count > 0),
            ],
            Note: "One run a load. Energy of a request: simulated, as each step was spent; measured, each instant's power in equal shares to the requests in flight. "
                + "A class without a bar had no completed request.");
    }

    /// <summary>Mean energy of a request of each class (J): what the backend attributed, else equal shares of the power at each instant.</summary>
    private static IEnumerable<(string Class, double? Joules)> JoulesByClass(ExperimentRun run) =>
        run.Metrics.AttributedJoulesPerRequest.Value is not null
            ? run.Metrics.ByClass.Select(one => (one.Class, one.AttributedJoulesPerRequest.Value))
            : RequestAttribution.Of(RunRecord.Read(run.Folder))?.ByClass.Select(one => (one.Class, (double?)(one.Joules / one.Requests))) ?? [];

    /// <summary>First valid runs of each evidence kind, system and model, as many of each: at the least, greatest and middle load as there is room.</summary>
    private static IEnumerable<(string Name, ExperimentRun Run)> Chosen(IReadOnlyList<ExperimentRun> runs, int most)
    {
        IGrouping<(EvidenceKind Evidence, string System, string Model), ExperimentRun>[] groups = [.. runs.Where(run => run.Metrics.IsValid)
            .GroupBy(run => (run.Metrics.Manifest.Evidence, run.System, run.Metrics.Manifest.Model))];
        List<(string Name, ExperimentRun Run)> chosen = [];
        foreach (IGrouping<(EvidenceKind Evidence, string System, string Model), ExperimentRun> group in groups)
        {
            ExperimentRun[] loads = [.. group.OrderBy(Load).DistinctBy(Load)];
            string suffix = groups.Length > 1 ? $", {EnumText.Of(group.Key.Evidence)}, {group.Key.Model}" : "";
            int[] places = (most / groups.Length) switch { >= 3 => [0, loads.Length / 2, loads.Length - 1], 2 => [0, loads.Length - 1], _ => [loads.Length / 2] };
            chosen.AddRange(places.Distinct().Select(index => ($"{NumberText.Short(Load(loads[index]))} requests/s{suffix}", loads[index])));
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
        (string Name, double From, double To)[] steps = [.. TokenEnergy.Parts(table, row), ("total", 0, total)];
        bool severalKinds = table.Distinct("evidence").Count > 1;
        return new BarPanel
        {
            Title = $"{NumberText.Short(table.Number(row, Axis)!.Value)} requests/s{(severalKinds ? $", {table.Text(row, "evidence")}" : "")}"
                + (table.Distinct("model").Count > 1 ? $", {table.Text(row, "model")}" : ""),
            X = new FigureAxis { Label = "", Scale = AxisScale.Category, Categories = [.. steps.Select(step => step.Name)] },
            Y = new FigureAxis { Label = AxisCatalog.Label(MetricCatalog.Of(Energy), "J"), FromZero = true },
            Series = [.. steps.Select((step, index) => new Series("", new SeriesStyle(PhaseColors.Of(step.Name)), [new FigurePoint(index, step.To, Base: step.From)]))],
            IsStacked = true,
        };
    }
}
