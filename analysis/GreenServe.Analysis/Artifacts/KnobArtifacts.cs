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
        Axes = ["tensor_parallelism", "load"],
        Draw = tables =>
        {
            PanelBuilder panels = new(tables[0], "tensor_parallelism", ["load"]);
            return new FigureContent(
                [
                    panels.Lines("TTFT, p50", "ttft_p50_seconds"),
                    panels.Lines("TTFT, p99", "ttft_p99_seconds"),
                    panels.Lines("TBT, mean", "tbt_mean_seconds"),
                    panels.Lines("Throughput of each GPU", "output_tokens_per_second_per_gpu"),
                    panels.Lines("Mean power of the GPUs used", "mean_watts"),
                    panels.Lines("Energy per request", "joules_per_request"),
                ]);
        },
    };

    private static Artifact GpuClock() => new()
    {
        Name = "gpu-clock",
        Title = "GPU clock",
        Question = "Where between slow and hot lies the clock of least energy?",
        Axes = ["gpu_clock_megahertz", "batch"],
        Draw = tables =>
        {
            PanelBuilder panels = new(tables[0], "gpu_clock_megahertz", ["batch"]);
            return new FigureContent(
                [
                    panels.Lines("TTFT, p50", "ttft_p50_seconds"),
                    panels.Lines("TBT, mean", "tbt_mean_seconds"),
                    panels.Lines("Mean power of all GPUs", "mean_watts"),
                    panels.Lines("Energy per output token", "joules_per_output_token"),
                ]);
        },
    };

    private static Artifact ClockBatch() => new()
    {
        Name = "clock-batch",
        Companions = [CompanionFigures.Pareto("clock-batch", "Clock and batch", ["gpu_clock_megahertz", "batch"])],
        Title = "Throughput against energy, one curve a clock",
        Question = "What throughput does a lower clock give up for the energy it saves?",
        Axes = ["gpu_clock_megahertz", "batch"],
        Draw = tables =>
        {
            PanelBuilder panels = new(tables[0], "batch", ["gpu_clock_megahertz"]);
            return new FigureContent(
                [panels.Against("Energy per output token against throughput", "output_tokens_per_second", "joules_per_output_token")],
                Columns: 1,
                PanelHeight: 460,
                Note: "Numbers beside the points of the highest clock are batch sizes.");
        },
    };

    private static Artifact PowerCap() => new()
    {
        Name = "power-cap",
        Title = "Power cap",
        Question = "Whom does a power cap slow down: prompts or tokens?",
        Axes = ["power_cap_watts"],
        Draw = tables =>
        {
            PanelBuilder panels = new(tables[0], "power_cap_watts", ["batch"]);
            return new FigureContent(
                [
                    panels.Lines("TTFT (prompts)", "ttft_p50_seconds", "ttft_p99_seconds"),
                    panels.Lines("TBT (tokens)", "tbt_mean_seconds", "tbt_p99_seconds"),
                    panels.Lines("Power of all GPUs", "mean_watts", "peak_watts"),
                    panels.Lines("Energy per output token", "joules_per_output_token"),
                ]);
        },
    };

    private static Artifact Precision() => new()
    {
        Name = "precision",
        Title = "Precision",
        Question = "What do fewer bits a weight save, and at which batch?",
        Axes = ["precision", "batch"],
        Draw = tables =>
        {
            PanelBuilder panels = new(tables[0], "precision", ["batch"]);
            return new FigureContent(
                [
                    panels.Lines("TTFT, p50", "ttft_p50_seconds"),
                    panels.Lines("TBT, mean", "tbt_mean_seconds"),
                    panels.Lines("Mean power of the GPUs used", "mean_watts"),
                    panels.Lines("Energy per output token", "joules_per_output_token"),
                ]);
        },
    };
}
