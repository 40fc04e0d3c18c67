namespace GreenServe.Analysis.Tables;

/// <summary>Columns of text that stand in several tables under one name and with one meaning.</summary>
public static class StandardColumns
{
    /// <summary>Name of the folder of a run's record, or of a group of repetitions.</summary>
    public static TextColumn Run { get; } = new("run");

    /// <summary>Evidence kind of the row: <c>simulated</c>, <c>measured</c> or <c>estimated</c>.</summary>
    public static TextColumn Evidence { get; } = new("evidence");

    /// <summary>Hardware in words, for example <c>8 x H100-80GB-SXM</c>.</summary>
    public static TextColumn System { get; } = new("system");

    /// <summary>Column of the kind of GPU.</summary>
    public static TextColumn Gpu { get; } = new("gpu");

    /// <summary>Serving engine, or the profile of a simulated one.</summary>
    public static TextColumn Engine { get; } = new("engine");

    /// <summary>Model that was served.</summary>
    public static TextColumn Model { get; } = new("model");

    /// <summary>Number format of the model's weights.</summary>
    public static TextColumn Precision { get; } = new("precision");

    /// <summary>Name of the workload.</summary>
    public static TextColumn Workload { get; } = new("workload");

    /// <summary>
    /// The parts of the workload that the experiment sets, as paths with commas between them. The workload is then not the one of its
    /// name.
    /// </summary>
    public static TextColumn WorkloadChanges { get; } = new("workload_changes");

    /// <summary>
    /// The axes of the row's experiment with the part that each plays, for example <c>max_batch: knob; input_tokens: input</c>.
    /// </summary>
    public static TextColumn Axes { get; } = new("axes");

    /// <summary>The limits of the SLO in words, for example <c>TTFT at P99 250 ms; TBT at P99 100 ms</c>.</summary>
    public static TextColumn SloLimits { get; } = new("slo_limits");

    /// <summary>The latency found at each limit of the SLO, in words.</summary>
    public static TextColumn SloFound { get; } = new("slo_found");

    /// <summary>The limits of the SLO that hold and may be missed within the simulator's error band, in words.</summary>
    public static TextColumn SloAtRisk { get; } = new("slo_at_risk");

    /// <summary>Seeds of the repetitions, ascending, with spaces between them.</summary>
    public static TextColumn Seeds { get; } = new("seeds");

    /// <summary>Name of a load, for example <c>low</c>.</summary>
    public static TextColumn Load { get; } = new("load");

    /// <summary>Request class, from <c>SS</c> to <c>LL</c>.</summary>
    public static TextColumn Class { get; } = new("class");

    /// <summary>Why simulated numbers lie outside of what was validated; empty where they lie within, or are measured.</summary>
    public static TextColumn Extrapolated { get; } = new("extrapolated");

    /// <summary>Column of the metrics without a number and their reasons: <c>metric, metric: reason; metric: reason</c>.</summary>
    public static TextColumn NotMeasured { get; } = new("not_measured");

    /// <summary>Why repetitions were left out as invalid: <c>code: message; code: message</c>.</summary>
    public static TextColumn Invalid { get; } = new("invalid");

    /// <summary>Name of the SLO that the requests were held against.</summary>
    public static TextColumn SloProfile { get; } = new("slo_profile");

    /// <summary>Column of the backend: <c>simulated</c>, <c>engine</c> or <c>openai</c>.</summary>
    public static TextColumn Backend { get; } = new("backend");

    /// <summary>Phase of serving, for example <c>prefill</c>.</summary>
    public static TextColumn Phase { get; } = new("phase");

    /// <summary>Column of a claim's statement.</summary>
    public static TextColumn Statement { get; } = new("statement");

    /// <summary>Column of the source of a claim or a published point.</summary>
    public static TextColumn Source { get; } = new("source");

    /// <summary>Column of the scope of the joules, for example <c>gpu</c>.</summary>
    public static TextColumn EnergyScope { get; } = new("energy_scope");

    /// <summary>How the energy was obtained, for example <c>counter</c>.</summary>
    public static TextColumn EnergySource { get; } = new("energy_source");

    /// <summary>Verdict of a run or of a claim.</summary>
    public static TextColumn Verdict { get; } = new("verdict");

    /// <summary>All of them. A table that is read from a file has them as text even where every cell looks like a number.</summary>
    public static IReadOnlyList<TextColumn> All { get; } =
    [
        Run, Evidence, System, Gpu, Engine, Model, Precision, Workload, Seeds, Load, Class, NotMeasured, Invalid, SloProfile, Backend,
        Phase, Statement, Source, EnergyScope, EnergySource, Verdict, WorkloadChanges, Extrapolated, Axes, SloLimits,
        SloFound, SloAtRisk,
    ];
}
