using GreenServe.Analysis.Artifacts.Panels;
using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Artifacts;

/// <summary>Artifacts about what is asked: lengths, models, load.</summary>
internal static class WorkloadArtifacts
{
    // More than two floors, each a line for idle and one for loaded-idle, cover the curves.
    private const int MaxFloors = 2;

    // Baselines are measured before each run. Within this share of the largest they are one floor, and their mean is drawn.
    private const double MaxFloorSpread = 0.05;

    private static readonly (string Name, MetricColumn Metric)[] FloorMetrics =
        [("idle", MetricColumns.IdleWatts), ("weights loaded, idle", MetricColumns.LoadedIdleWatts)];

    internal static IReadOnlyList<Artifact> All { get; } = [InputLength(), OutputLength(), BatchSize(), ModelSize(), Load()];

    internal static Artifact SplitwiseMedians { get; } = new()
    {
        Name = "splitwise-p50",
        Title = "A100 against H100 on coding and conversation",
        Question = "What does a newer accelerator buy for a single request of two real services?",
        Axes = [GridAxes.Gpu, GridAxes.Workload],
        Draw = table => new PanelBuilder(table, GridAxes.Workload, [GridAxes.Gpu]).Figure(
            panels =>
            [
                panels.Bars("TTFT, p50", MetricColumns.TtftP50),
                panels.Bars("TBT, p50", MetricColumns.TbtP50),
                panels.Bars("E2E, p50", MetricColumns.E2eP50),
                panels.Bars("Energy per request", MetricColumns.JoulesPerRequest),
            ]),
    };

    private static Artifact InputLength() => new()
    {
        Name = "input-length",
        Title = "Input length",
        Question = "What does a longer prompt cost in time, power and energy?",
        Axes = [GridAxes.InputTokens],
        Draw = table => new PanelBuilder(table, GridAxes.InputTokens, []).Figure(
            panels =>
            [
                panels.Lines("TTFT", MetricColumns.TtftP50, MetricColumns.TtftP99),
                panels.Lines("TBT", MetricColumns.TbtMean, MetricColumns.TbtP99),
                panels.Lines("Throughput", MetricColumns.OutputTokensPerSecond),
                panels.Lines("E2E", MetricColumns.E2eP50, MetricColumns.E2eP99),
                panels.Lines("Power of all GPUs", MetricColumns.MeanWatts, MetricColumns.PeakWatts),
                panels.Lines("Energy per request", MetricColumns.JoulesPerRequest),
            ]),
    };

    private static Artifact OutputLength() => new()
    {
        Name = "output-length",
        Title = "Output length",
        Question = "What does a longer answer cost in time, power and energy?",
        Axes = [GridAxes.OutputTokens],
        Draw = table => new PanelBuilder(table, GridAxes.OutputTokens, []).Figure(
            panels =>
            [
                panels.Lines("TBT", MetricColumns.TbtMean, MetricColumns.TbtP99),
                panels.Lines("E2E", MetricColumns.E2eP50, MetricColumns.E2eP99),
                panels.Lines("Power of all GPUs", MetricColumns.MeanWatts, MetricColumns.PeakWatts),
                panels.Lines("Energy per request", MetricColumns.JoulesPerRequest),
            ]),
    };

    private static Artifact BatchSize() => new()
    {
        Name = "batch-size",
        Companions = [CompanionFigures.Breakdown("batch-size", "Batch size", GridAxes.Batch)],
        Title = "Batch size",
        Question = "How far does batching lower the energy of a token, and what does it cost in latency?",
        Axes = [GridAxes.Batch],
        Draw = table => new PanelBuilder(table, GridAxes.Batch, []).Figure(
            panels =>
            [
                panels.Lines("TTFT", MetricColumns.TtftP50, MetricColumns.TtftP99),
                panels.Lines("TBT", MetricColumns.TbtMean, MetricColumns.TbtP99),
                panels.Lines("Throughput", MetricColumns.OutputTokensPerSecond),
                panels.Lines("Requests", MetricColumns.CompletedRequestsPerSecond),
                panels.Lines("Power of all GPUs", MetricColumns.MeanWatts, MetricColumns.PeakWatts),
                panels.Lines("Energy per output token", MetricColumns.JoulesPerOutputToken),
            ]),
    };

    private static Artifact ModelSize() => new()
    {
        Name = "model-size",
        Companions = [CompanionFigures.Breakdown("model-size", "Models", GridAxes.Model)],
        Title = "Models",
        Question = "What do the same requests cost on models of different size and shape?",
        Axes = [GridAxes.Model],
        Draw = table => new PanelBuilder(table, GridAxes.Model, []).Figure(
            panels =>
            [
                panels.Bars("TTFT, p50", MetricColumns.TtftP50),
                panels.Bars("TBT, mean", MetricColumns.TbtMean),
                panels.Bars("Energy per output token", MetricColumns.JoulesPerOutputToken),
            ],
            columns: 1,
            panelHeight: 190),
    };

    private static Artifact Load() => new()
    {
        Name = "load",
        Companions = [CompanionFigures.Breakdown("load", "Load", GridAxes.RequestsPerSecond), LoadFigures.Waterfall],
        RunCompanions = [LoadFigures.Distributions, LoadFigures.Classes, LoadFigures.Power],
        Title = "Load",
        Question = "How do power and the energy of a token follow the load, and what floor do they stand on?",
        Axes = [GridAxes.RequestsPerSecond],
        Draw = table => new PanelBuilder(table, GridAxes.RequestsPerSecond, []).Figure(
            panels =>
            [
                panels.Lines("Mean power of all GPUs", MetricColumns.MeanWatts, references: Floors(panels.Table)),
                panels.Lines("Energy per output token", MetricColumns.JoulesPerOutputToken),
                panels.Lines("TTFT", MetricColumns.TtftP50, MetricColumns.TtftP99),
                panels.Lines("Requests within the SLO", MetricColumns.SloGoodput),
            ]),
    };

    /// <summary>
    /// Idle and loaded-idle power of each evidence kind, system and model, where all its rows share them; none where there are too many
    /// to read. Of floors that lie on each other only the first is drawn, measured ones before simulated ones.
    /// </summary>
    private static ReferenceLine[] Floors(ResultTable table)
    {
        TextColumn[] columns = [StandardColumns.Evidence, StandardColumns.Model, StandardColumns.System];
        IGrouping<string, TableRow>[] groups =
            [.. table.Rows.GroupBy(row => string.Join('\u001f', columns.Select(column => row[column] ?? "")))];
        List<ReferenceLine> lines = [];
        foreach (IGrouping<string, TableRow> group in groups.Length > MaxFloors ? [] : groups)
        {
            string[] telling = [.. columns.Where(column => groups.Length > 1 && groups.All(other =>
                other == group || other.First()[column] != group.First()[column])).Take(1).Select(column => $", {group.First()[column]}")];
            foreach ((string name, MetricColumn metric) in FloorMetrics)
            {
                double[] values = [.. group.Select(row => row[metric.Mean]).OfType<double>()];
                if (values.Length > 0 && values.Max() - values.Min() <= MaxFloorSpread * values.Max()
                    && !lines.Any(line => Math.Abs(line.Y - values.Average()) <= MaxFloorSpread * line.Y))
                {
                    lines.Add(new ReferenceLine(name + string.Concat(telling), values.Average()));
                }
            }
        }

        return [.. lines];
    }
}
