using System.Collections.Frozen;
using GreenServe.Records.Measurements;

namespace GreenServe.Analysis.Metrics;

/// <summary>Every metric of a run, in the order of the columns.</summary>
public static class MetricCatalog
{
    private const string NoRequest = "no completed request in the sample";
    private const string NoGaps = "token gaps were not kept, or no request had two tokens";

    /// <summary>All metrics, in the order of the columns.</summary>
    public static IReadOnlyList<MetricDefinition> All { get; } = [.. Build()];

    private static readonly FrozenDictionary<string, MetricDefinition> ByName = All.ToFrozenDictionary(metric => metric.Name);

    /// <summary>The metric of a name.</summary>
    /// <param name="name">Name of the metric, for example <c>ttft_p99_seconds</c>.</param>
    /// <exception cref="KeyNotFoundException">There is no metric of this name.</exception>
    public static MetricDefinition Of(string name) => ByName[name];

    /// <summary>The metrics that tables of a run have, in the order of the columns.</summary>
    /// <param name="run">The run.</param>
    public static IEnumerable<MetricDefinition> For(RunMetrics run) => All.Where(metric => metric.AppliesTo?.Invoke(run) ?? true);

    /// <summary>The metric of a name; <c>null</c> if there is none.</summary>
    /// <param name="name">Name of the metric, for example <c>ttft_p99_seconds</c>.</param>
    public static MetricDefinition? Find(string name) => ByName.GetValueOrDefault(name);

    private static IEnumerable<MetricDefinition> Build() =>
        [.. Latency(), .. Throughput(), .. Energy(), .. CostMetrics.All, .. Slo(), .. Requests(), .. ClusterMetrics.All];

    private static IEnumerable<MetricDefinition> Latency() =>
    [
        .. Distribution("ttft", "TTFT", run => run.Latencies.Ttft, NoRequest, MetricBands.Ttft),
        .. Distribution("ttft_from_scheduled", "TTFT from scheduled", run => run.Latencies.TtftFromScheduled, NoRequest, MetricBands.Ttft),
        .. Distribution("tbt", "TBT", run => run.Latencies.Tbt, NoGaps, MetricBands.Tbt),
        .. Distribution("tpot", "TPOT", run => run.Latencies.Tpot, "no completed request with two tokens", MetricBands.Tbt),
        .. Distribution("e2e", "E2E", run => run.Latencies.E2e, NoRequest, MetricBands.E2e),
        .. Distribution("e2e_from_scheduled", "E2E from scheduled", run => run.Latencies.E2eFromScheduled, NoRequest, MetricBands.E2e),
        new("schedule_lag_p99_seconds", "schedule lag, p99", "s", Direction.Lower,
            run => Reading.From(run.Latencies.ScheduleLag?.P99Seconds, "no request was issued")),
    ];

    private static IEnumerable<MetricDefinition> Throughput() =>
    [
        new("output_tokens_per_second", "output tokens per second", "tokens/s", Direction.Higher, run => run.OutputTokensPerSecond)
        {
            Band = MetricBands.Throughput,
        },
        new("output_tokens_per_second_per_gpu", "output tokens per second and GPU", "tokens/s", Direction.Higher, PerGpu)
        {
            Band = MetricBands.Throughput,
        },
        new("completed_requests_per_second", "requests per second", "requests/s", Direction.Higher, run => run.RequestsPerSecond)
        {
            Band = MetricBands.Throughput,
        },
        new("window_seconds", "steady window", "s", Direction.Neither,
            run => run.Window is { } window ? Reading.Of(window.LengthSeconds) : Reading.Missing(run.NoWindowReason!)),
    ];

    private static IEnumerable<MetricDefinition> Energy() =>
    [
        new("window_energy_joules", "window energy", "J", Direction.Lower, run => run.Energy.Joules, HasError: true),
        new("mean_watts", "mean power", "W", Direction.Lower, run => run.Energy.MeanWatts, HasError: true) { Band = MetricBands.Watts },
        new("peak_watts", "peak power", "W", Direction.Lower, run => run.Energy.PeakWatts),
        new("joules_per_request", "energy per request", "J", Direction.Lower, run => run.JoulesPerRequest, HasError: true)
        {
            Band = MetricBands.JoulesPerToken,
        },
        new("joules_per_output_token", "energy per output token", "J", Direction.Lower, run => run.JoulesPerOutputToken, HasError: true)
        {
            Band = MetricBands.JoulesPerToken,
        },
        new("dynamic_joules_per_output_token", "energy above loaded-idle per output token", "J", Direction.Lower, DynamicPerToken),
        new("attributed_joules_per_request", "energy attributed to a request", "J", Direction.Lower, run => run.AttributedJoulesPerRequest)
        {
            Band = MetricBands.JoulesPerToken,
        },
        PerOutputToken("idle_joules_per_output_token", "idle energy per output token", breakdown => breakdown.IdleJoules),
        PerOutputToken(
            "loaded_idle_joules_per_output_token",
            "energy of holding the model ready per output token",
            breakdown => breakdown.LoadedIdleJoules),
        PerOutputToken(
            "prefill_joules_per_output_token",
            "prefill energy above loaded-idle per output token",
            breakdown => breakdown.PrefillJoules),
        PerOutputToken(
            "decode_joules_per_output_token",
            "decode energy above loaded-idle per output token",
            breakdown => breakdown.DecodeJoules),
        new("prefill_joules_per_input_token", "prefill energy above loaded-idle per input token", "J", Direction.Lower,
            run => PerToken(run, run.Breakdown?.PrefillJoules, run.Traffic?.InputTokens)),
        new("static_energy_ratio", "share of the energy that idle and loaded-idle take", "", Direction.Lower, StaticShare),
        new("idle_watts", "idle power", "W", Direction.Neither, run => Baseline(run, run.Manifest.Baselines?.IdleWatts)),
        new("loaded_idle_watts", "loaded-idle power", "W", Direction.Neither,
            run => Baseline(run, run.Manifest.Baselines?.LoadedIdleWatts)),
    ];

    private static IEnumerable<MetricDefinition> Slo() =>
    [
        new("slo_attainment", "share of requests within the SLO", "", Direction.Higher, run => run.Slo?.Attainment ?? NoSlo),
        new("slo_goodput_requests_per_second", "goodput", "requests/s", Direction.Higher, run => run.Slo?.Goodput ?? NoSlo),
        new("slo_worst_ratio", "largest latency over its limit", "", Direction.Lower, run => run.Slo?.WorstRatio ?? NoSlo),
        new("slo_feasible", "feasible under the SLO (1 yes, 0 no)", "", Direction.Higher, Feasible),
    ];

    private static IEnumerable<MetricDefinition> Requests() =>
    [
        new("requests_completed", "completed requests", "", Direction.Neither, run => Reading.Of(run.Counts.Completed)),
        new("requests_not_completed", "requests not completed", "", Direction.Lower,
            run => Reading.Of(run.Counts.Total - run.Counts.Completed)),
    ];

    private static Reading NoSlo { get; } = Reading.Missing("the workload has no SLO");

    private static IEnumerable<MetricDefinition> Distribution(
        string name,
        string title,
        Func<RunMetrics, LatencySummary?> summary,
        string missingReason,
        Func<RunMetrics, ErrorBand?> band) =>
    [
        new($"{name}_mean_seconds", $"{title}, mean", "s", Direction.Lower, run => Reading.From(summary(run)?.MeanSeconds, missingReason))
        {
            Band = band,
        },
        new($"{name}_p50_seconds", $"{title}, p50", "s", Direction.Lower, run => Reading.From(summary(run)?.P50Seconds, missingReason))
        {
            Band = band,
        },
        new($"{name}_p90_seconds", $"{title}, p90", "s", Direction.Lower, run => Reading.From(summary(run)?.P90Seconds, missingReason)),
        new($"{name}_p99_seconds", $"{title}, p99", "s", Direction.Lower, run => Reading.From(summary(run)?.P99Seconds, missingReason)),
    ];

    private static Reading PerGpu(RunMetrics run) => run.GpusUsed.Value is { } gpus
        ? run.OutputTokensPerSecond.DividedBy(gpus, "no accelerator was used")
        : run.GpusUsed;

    private static Reading DynamicPerToken(RunMetrics run) => run.Traffic?.OutputTokens.Value is { } tokens
        ? run.Energy.DynamicJoules.DividedBy(tokens, "no output token was delivered in the window")
        : run.JoulesPerOutputToken;

    /// <summary>The metric of one part of the window's energy, divided by the output tokens of the window.</summary>
    private static MetricDefinition PerOutputToken(string name, string title, Func<EnergyBreakdown, double?> joules) => new(
        name, title, "J", Direction.Lower,
        run => PerToken(run, run.Breakdown is { } breakdown ? joules(breakdown) : null, run.Traffic?.OutputTokens));

    /// <summary>A part of the window's energy per token, or the reason why the energy or the count of tokens is missing.</summary>
    private static Reading PerToken(RunMetrics run, double? joules, Reading? tokens)
    {
        if (joules is not { } energy)
        {
            return Reading.Missing(run.Breakdown?.Note ?? run.Energy.Joules.NotMeasured ?? "phases are not known");
        }

        return tokens?.Value is { } count
            ? Reading.Of(energy).DividedBy(count, "no token in the window")
            : Reading.Missing(tokens?.NotMeasured ?? "tokens are not known");
    }

    private static Reading StaticShare(RunMetrics run) => run.Breakdown is { LoadedIdleJoules: { } loaded } breakdown
        ? Reading.Of(((breakdown.IdleJoules ?? 0) + loaded) / breakdown.TotalJoules)
        : Reading.Missing(run.Breakdown?.Note ?? run.Energy.Joules.NotMeasured ?? "baselines are not known");

    private static Reading Baseline(RunMetrics run, double? watts) =>
        Reading.From(watts, run.Manifest.Baselines?.Note ?? "no baseline was taken");

    private static Reading Feasible(RunMetrics run) => run.Slo is not { } slo
        ? NoSlo
        : Reading.From(
            slo.IsFeasible is { } feasible ? (feasible ? 1 : 0) : null,
            slo.Limits.Select(limit => limit.NotTestedReason).FirstOrDefault(reason => reason is not null)
                ?? "no request that the SLO applies to");
}
