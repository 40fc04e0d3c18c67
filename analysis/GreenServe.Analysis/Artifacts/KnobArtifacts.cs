using GreenServe.Analysis.Artifacts.Panels;
using GreenServe.Analysis.Grids;

namespace GreenServe.Analysis.Artifacts;

/// <summary>Artifacts about the knobs: tensor parallelism, clock, power cap, precision.</summary>
internal static class KnobArtifacts
{
    internal static IReadOnlyList<Artifact> All { get; } = [TensorParallelism(), GpuClock(), ClockBatch(), PowerCap(), Precision()];

    private static Artifact TensorParallelism() => new()
    {
        Name = "tensor-parallelism",
        Title = "Tensor parallelism",
        Question = "How many GPUs should share a request, at which load?",
        Axes = [GridAxes.TensorParallelism, GridAxes.Load],
        Draw = table => new PanelBuilder(table, GridAxes.TensorParallelism, [GridAxes.Load]).Figure(
            panels =>
            [
                panels.Lines("TTFT, p50", MetricColumns.TtftP50),
                panels.Lines("TTFT, p99", MetricColumns.TtftP99),
                panels.Lines("TBT, mean", MetricColumns.TbtMean),
                panels.Lines("Throughput of each GPU", MetricColumns.OutputTokensPerSecondPerGpu),
                panels.Lines("Mean power of the GPUs used", MetricColumns.MeanWatts),
                panels.Lines("Energy per request", MetricColumns.JoulesPerRequest),
            ]),
    };

    private static Artifact GpuClock() => new()
    {
        Name = "gpu-clock",
        Title = "GPU clock",
        Question = "Where between slow and hot lies the clock of least energy?",
        Axes = [GridAxes.GpuClock, GridAxes.Batch],
        Draw = table => new PanelBuilder(table, GridAxes.GpuClock, [GridAxes.Batch]).Figure(
            panels =>
            [
                panels.Lines("TTFT, p50", MetricColumns.TtftP50),
                panels.Lines("TBT, mean", MetricColumns.TbtMean),
                panels.Lines("Mean power of all GPUs", MetricColumns.MeanWatts),
                panels.Lines("Energy per output token", MetricColumns.JoulesPerOutputToken),
            ]),
    };

    private static Artifact ClockBatch() => new()
    {
        Name = "clock-batch",
        Companions = [CompanionFigures.Pareto("clock-batch", "Clock and batch", [GridAxes.GpuClock, GridAxes.Batch])],
        Title = "Throughput against energy, one curve a clock",
        Question = "What throughput does a lower clock give up for the energy it saves?",
        Axes = [GridAxes.GpuClock, GridAxes.Batch],
        Draw = table => new PanelBuilder(table, GridAxes.Batch, [GridAxes.GpuClock]).Figure(
            panels =>
            [
                panels.Against(
                    "Energy per output token against throughput",
                    MetricColumns.OutputTokensPerSecond,
                    MetricColumns.JoulesPerOutputToken),
            ],
            columns: 1,
            panelHeight: 460,
            note: "Numbers beside the points of the highest clock are batch sizes."),
    };

    private static Artifact PowerCap() => new()
    {
        Name = "power-cap",
        Title = "Power cap",
        Question = "Whom does a power cap slow down: prompts or tokens?",
        Axes = [GridAxes.PowerCap],
        Draw = table => new PanelBuilder(table, GridAxes.PowerCap, [GridAxes.Batch]).Figure(
            panels =>
            [
                panels.Lines("TTFT (prompts)", MetricColumns.TtftP50, MetricColumns.TtftP99),
                panels.Lines("TBT (tokens)", MetricColumns.TbtMean, MetricColumns.TbtP99),
                panels.Lines("Power of all GPUs", MetricColumns.MeanWatts, MetricColumns.PeakWatts),
                panels.Lines("Energy per output token", MetricColumns.JoulesPerOutputToken),
            ]),
    };

    private static Artifact Precision() => new()
    {
        Name = "precision",
        Title = "Precision",
        Question = "What do fewer bits a weight save, and at which batch?",
        Axes = [GridAxes.Precision, GridAxes.Batch],
        Draw = table => new PanelBuilder(table, GridAxes.Precision, [GridAxes.Batch]).Figure(
            panels =>
            [
                panels.Lines("TTFT, p50", MetricColumns.TtftP50),
                panels.Lines("TBT, mean", MetricColumns.TbtMean),
                panels.Lines("Mean power of the GPUs used", MetricColumns.MeanWatts),
                panels.Lines("Energy per output token", MetricColumns.JoulesPerOutputToken),
            ]),
    };
}
