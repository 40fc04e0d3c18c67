using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Artifacts;

/// <summary>Artifacts about what is asked: lengths, models, load.</summary>
internal static class WorkloadArtifacts
{
    private const int MaxFloors = 2;

    internal static IReadOnlyList<Artifact> All { get; } = [InputLength(), OutputLength(), BatchSize(), ModelSize(), Load()];

    internal static Artifact SplitwiseMedians { get; } = new()
    {
        Name = "splitwise-p50",
        Title = "A100 against H100 on coding and conversation",
        Question = "What does a newer accelerator buy for a single request of two real services?",
        Axes = ["gpu", "workload"],
        Draw = tables =>
        {
            PanelBuilder panels = new(tables[0], "workload", ["gpu"]);
            return new FigureContent(
                [
                    panels.Bars("TTFT, p50", "ttft_p50_seconds"),
                    panels.Bars("TBT, p50", "tbt_p50_seconds"),
                    panels.Bars("E2E, p50", "e2e_p50_seconds"),
                    panels.Bars("Energy per request", "joules_per_request"),
                ]);
        },
    };

    private static Artifact InputLength() => new()
    {
        Name = "input-length",
        Title = "Input length",
        Question = "What does a longer prompt cost in time, power and energy?",
        Axes = ["input_tokens"],
        Draw = tables =>
        {
            PanelBuilder panels = new(tables[0], "input_tokens", []);
            return new FigureContent(
                [
                    panels.Lines("TTFT", "ttft_p50_seconds", "ttft_p99_seconds"),
                    panels.Lines("TBT", "tbt_mean_seconds", "tbt_p99_seconds"),
                    panels.Lines("Throughput", "output_tokens_per_second"),
                    panels.Lines("E2E", "e2e_p50_seconds", "e2e_p99_seconds"),
                    panels.Lines("Power of all GPUs", "mean_watts", "peak_watts"),
                    panels.Lines("Energy per request", "joules_per_request"),
                ]);
        },
    };

    private static Artifact OutputLength() => new()
    {
        Name = "output-length",
        Title = "Output length",
        Question = "What does a longer answer cost in time, power and energy?",
        Axes = ["output_tokens"],
        Draw = tables =>
        {
            PanelBuilder panels = new(tables[0], "output_tokens", []);
            return new FigureContent(
                [
                    panels.Lines("TBT", "tbt_mean_seconds", "tbt_p99_seconds"),
                    panels.Lines("E2E", "e2e_p50_seconds", "e2e_p99_seconds"),
                    panels.Lines("Power of all GPUs", "mean_watts", "peak_watts"),
                    panels.Lines("Energy per request", "joules_per_request"),
                ]);
        },
    };

    private static Artifact BatchSize() => new()
    {
        Name = "batch-size",
        Companions = [CompanionFigures.Breakdown("batch-size", "Batch size", "batch")],
        Title = "Batch size",
        Question = "How far does batching lower the energy of a token, and what does it cost in latency?",
        Axes = ["batch"],
        Draw = tables =>
        {
            PanelBuilder panels = new(tables[0], "batch", []);
            return new FigureContent(
                [
                    panels.Lines("TTFT", "ttft_p50_seconds", "ttft_p99_seconds"),
                    panels.Lines("TBT", "tbt_mean_seconds", "tbt_p99_seconds"),
                    panels.Lines("Throughput", "output_tokens_per_second"),
                    panels.Lines("Requests", "completed_requests_per_second"),
                    panels.Lines("Power of all GPUs", "mean_watts", "peak_watts"),
                    panels.Lines("Energy per output token", "joules_per_output_token"),
                ]);
        },
    };

    private static Artifact ModelSize() => new()
    {
        Name = "model-size",
        Companions = [CompanionFigures.Breakdown("model-size", "Models", "model")],
        Title = "Models",
        Question = "What do the same requests cost on models of different size and shape?",
        Axes = ["model"],
        Draw = tables =>
        {
            PanelBuilder panels = new(tables[0], "model", []);
            return new FigureContent(
                [
                    panels.Bars("TTFT, p50", "ttft_p50_seconds"),
                    panels.Bars("TBT, mean", "tbt_mean_seconds"),
                    panels.Bars("Energy per output token", "joules_per_output_token"),
                ],
                Columns: 1,
                PanelHeight: 190);
        },
    };

    private static Artifact Load() => new()
    {
        Name = "load",
        Companions = [CompanionFigures.Breakdown("load", "Load", "requests_per_second"), LoadFigures.Waterfall],
        RunCompanions = [LoadFigures.Distributions, LoadFigures.Classes, LoadFigures.Power],
        Title = "Load",
        Question = "How do power and the energy of a token follow the load, and what floor do they stand on?",
        Axes = ["requests_per_second"],
        Draw = tables =>
        {
            PanelBuilder panels = new(tables[0], "requests_per_second", []);
            return new FigureContent(
                [
                    panels.Lines("Mean power of all GPUs", "mean_watts", references: Floors(tables[0])),
                    panels.Lines("Energy per output token", "joules_per_output_token"),
                    panels.Lines("TTFT", "ttft_p50_seconds", "ttft_p99_seconds"),
                    panels.Lines("Requests within the SLO", "slo_goodput_requests_per_second"),
                ]);
        },
    };

    /// <summary>Idle and loaded-idle power of each system and model, where all its rows share them; none where there are too many to read.</summary>
    private static ReferenceLine[] Floors(ResultTable table)
    {
        string[] columns = ["evidence", "system", "model"];
        string[] Identity(int row) => [.. columns.Select(column => table.Text(row, column) ?? "")];
        IGrouping<string, int>[] groups = [.. Enumerable.Range(0, table.Rows.Count).GroupBy(row => string.Join('\u001f', Identity(row)))];
        string[] telling = [.. columns.Where((_, index) => groups.Select(group => Identity(group.First())[index]).Distinct().Count() > 1)];
        IEnumerable<ReferenceLine> Line(IGrouping<string, int> group, string name, string column)
        {
            double[] values = [.. group.Select(row => table.Number(row, column)).OfType<double>()];
            string suffix = string.Concat(telling.Select(one => $", {table.Text(group.First(), one)}"));
            return values.Length > 0 && values.Max() - values.Min() <= 0.05 * values.Max() ? [new ReferenceLine(name + suffix, values.Average())] : [];
        }

        return groups.Length > MaxFloors
            ? []
            : [.. groups.SelectMany(group => Line(group, "idle", "idle_watts").Concat(Line(group, "weights loaded, idle", "loaded_idle_watts")))];
    }
}
