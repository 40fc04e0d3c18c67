using GreenServe.Analysis.Artifacts.Panels;
using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Grids;

namespace GreenServe.Analysis.Artifacts;

/// <summary>Artifacts about policies that control a simulated cluster.</summary>
internal static class PolicyArtifacts
{
    private const int WidePanel = 200;

    private static readonly MetricColumn PeakWatts = MetricColumns.Of("one_second_peak_watts");
    private static readonly MetricColumn GpusOn = MetricColumns.Of("mean_gpus_on");
    private static readonly MetricColumn RowPeak = MetricColumns.Of("row_peak_ratio");
    private static readonly MetricColumn RowOverBudget = MetricColumns.Of("row_over_budget_seconds");
    private static readonly MetricColumn GpuCelsius = MetricColumns.Of("gpu_peak_celsius");
    private static readonly MetricColumn TooHot = MetricColumns.Of("too_hot_seconds");
    private static readonly MetricColumn Quality = MetricColumns.Of("mean_quality_ratio");
    private static readonly MetricColumn RunJoules = MetricColumns.Of("run_joules_per_request");
    private static readonly MetricColumn RunLow = MetricColumns.Of("run_low_joules_per_request");
    private static readonly MetricColumn RunHigh = MetricColumns.Of("run_high_joules_per_request");
    private static readonly MetricColumn Carbon = MetricColumns.Of("co2e_grams_per_request");

    /// <summary>All of them, in the order of the report.</summary>
    internal static IReadOnlyList<Artifact> All { get; } =
    [
        Policies(), Day(), RowPower(), Temperatures(), SplitwiseDesigns(), PhaseClocks(), Adapters(), EnergyQuality(), CarbonSites(),
        Sensitivity(),
    ];

    private static Artifact Policies() => Compared(
        "policies",
        "Control policies on the same hour of traffic",
        "What does each policy save against its rivals, and what does it cost in latency?",
        GridAxes.Policy,
        [],
        MetricColumns.SloAttainment, MetricColumns.TtftP99, MetricColumns.TbtP99, PeakWatts, GpusOn) with
    {
        Axes = [GridAxes.Policy, GridAxes.Load],
    };

    private static Artifact Day() => Compared(
        "policy-day",
        "A day under a control policy",
        "How do power, clocks, parallelism and instances follow the traffic of a day?",
        GridAxes.Policy,
        [ClusterCourses.Day],
        MetricColumns.SloAttainment, GpusOn);

    private static Artifact RowPower() => Compared(
        "row-power",
        "The power of a row against its budget",
        "Which policy keeps a row of more servers than its budget was made for below that budget, and at what price?",
        GridAxes.Policy,
        [ClusterCourses.RowPower],
        RowPeak, RowOverBudget, MetricColumns.TtftP99, MetricColumns.E2eP99);

    private static Artifact Temperatures() => Compared(
        "temperatures",
        "Temperatures under placement, routing and configuration",
        "Which policy keeps accelerators and rows within their limits when air or power runs short?",
        GridAxes.Policy,
        [ClusterCourses.Temperatures],
        GpuCelsius, TooHot, RowPeak, MetricColumns.SloAttainment) with
    {
        Axes = [GridAxes.Policy, GridAxes.Variation],
    };

    private static Artifact SplitwiseDesigns() => Compared(
        "splitwise-designs",
        "Splitwise designs of equal provisioned power",
        "What do clusters that split prompts from tokens save against clusters that do not?",
        GridAxes.Cluster,
        [],
        MetricColumns.CompletedRequestsPerSecond, MetricColumns.SloAttainment, MetricColumns.TtftP50, MetricColumns.TbtP99, PeakWatts);

    private static Artifact PhaseClocks() => Compared(
        "phase-clocks",
        "A clock for each phase",
        "What does a clock for each phase save where prompts and tokens are served apart, and what does it cost in latency?",
        GridAxes.Policy,
        [],
        MetricColumns.TtftP99, MetricColumns.TbtP99);

    private static Artifact Adapters() => Compared(
        "adapters",
        "Adapters in idle memory, and levels of request size",
        "What do kept adapters and levels of request size do to the wait for the first token?",
        GridAxes.Policy,
        [],
        MetricColumns.TtftP50, MetricColumns.TtftP99, MetricColumns.E2eP99) with
    {
        Axes = [GridAxes.Policy, GridAxes.Load],
    };

    private static Artifact EnergyQuality() => new()
    {
        Name = "energy-quality",
        Title = "Energy against quality when requests are spread over models",
        Question = "What does each point of quality cost in energy, and what does the choice of models do to the wait?",
        Axes = [GridAxes.Zeta, GridAxes.Policy],
        Draw = table => new PanelBuilder(table, GridAxes.Zeta, [GridAxes.Policy]).Figure(
            panels =>
            [
                panels.Lines("Energy of the run per request", RunJoules),
                panels.Lines("Quality of the answers", Quality),
                panels.Lines("TTFT", MetricColumns.TtftP50, MetricColumns.TtftP99),
                panels.Lines("E2E", MetricColumns.E2eP50, MetricColumns.E2eP99),
            ],
            note: "Zeta 0 wants quality alone, 1 energy alone. The quality of a model is what the cluster file states."),
    };

    private static Artifact CarbonSites() => Compared(
        "carbon-sites",
        "Carbon across sites",
        "What do policies that follow the carbon of several grids save in emissions and in energy?",
        GridAxes.Policy,
        [ClusterCourses.Sites],
        Carbon, MetricColumns.TtftP99, MetricColumns.SloAttainment);

    private static Artifact Sensitivity() => Compared(
        "policy-sensitivity",
        "What the saving of a policy depends on",
        "How much of a policy's saving survives a worse predictor, slower transitions, and the error of the clock model?",
        GridAxes.Variation,
        [],
        MetricColumns.SloAttainment, MetricColumns.TtftP99) with
    {
        Companions = [ClockModel()],
    };

    /// <summary>The ends that the uncertainty of lower clocks leaves.</summary>
    private static Artifact ClockModel() => new()
    {
        Name = "policy-sensitivity-clocks",
        Title = "What the error of the clock model leaves of a policy's saving",
        Question = "Does a saving survive if a lower clock saves less than simulated?",
        Axes = [GridAxes.Variation],
        Draw = table => new PanelBuilder(table, GridAxes.Variation, []).Figure(
            panels =>
            [
                panels.Bars("Energy per request if a lower clock saves the most that readings allow", RunLow),
                panels.Bars("Energy per request as simulated", RunJoules),
                panels.Bars("Energy per request if a lower clock saves the least that readings allow", RunHigh),
            ],
            columns: 1,
            panelHeight: WidePanel),
    };

    /// <summary>Energy by part and other metrics, as bars at the names along x.</summary>
    private static Artifact Compared(
        string name, string title, string question, GridAxis x, IReadOnlyList<RunCompanion> courses, params MetricColumn[] metrics) => new()
        {
            Name = name,
            Title = title,
            Question = question,
            Axes = [x],
            RunCompanions = courses,
            Draw = table =>
            {
                PanelBuilder panels = new(table, x, []);
                return new FigureContent(
                    [
                        .. RunEnergyParts.Panels(table, x, panels.Keys),
                        .. metrics.Where(metric => table.Numbers(metric.Mean).Any())
                            .Select(metric => Bars(panels, metric)),
                    ],
                    Columns: 1,
                    PanelHeight: WidePanel,
                    Note: RunEnergyParts.Note);
            },
        };

    private static BarPanel Bars(PanelBuilder panels, MetricColumn metric)
    {
        string title = char.ToUpperInvariant(metric.Metric.Title[0]) + metric.Metric.Title[1..];
        BarPanel panel = panels.Bars(title, metric);

        // The title says what is shown, and a low panel has no room to say it again.
        string? label = metric.Metric.Unit switch
        {
            "" => metric == GpusOn ? "GPUs" : "share",
            "s" when metric.Metric.IsOfCluster => "time (s)",
            _ => null,
        };
        return label is null ? panel : panel with { Y = panel.Y with { Label = label } };
    }
}
