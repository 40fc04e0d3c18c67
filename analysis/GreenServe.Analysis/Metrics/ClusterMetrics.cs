using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Metrics;

/// <summary>The metrics that only a run of a simulated cluster has. They are of the whole run.</summary>
internal static class ClusterMetrics
{
    private const double SecondsPerHour = 3600;
    private const double TokensPerMillion = 1e6;

    private const string NoCluster = "no simulated cluster served";
    private const string NoPolicy = "no policy controlled the cluster";
    private const string NoSeconds = "the run was not read second by second";
    private const string NoRows = "the cluster has no rows with a power budget";
    private const string NoThermalModel = "the cluster has no thermal model";
    private const string NoGrid = "the cluster names no grid signal for it";
    private const string NoQuality = "the cluster file states no quality";

    /// <summary>All of them, in the order of the columns.</summary>
    internal static IReadOnlyList<MetricDefinition> All { get; } =
        [.. Energy().Concat(Power()).Concat(Control()).Concat(Surroundings()).Select(metric => metric with
        {
            IsOfCluster = true,
            AppliesTo = run => run.Cluster is not null,
        })];

    private static IEnumerable<MetricDefinition> Energy() =>
    [
        Joules("run_joules_per_request", "energy of the run per request", run => run.PerRequest(Total(run))) with
        {
            Band = MetricBands.JoulesPerToken,
        },
        Joules("run_joules_per_output_token", "energy of the run per output token", run => run.PerOutputToken(Total(run))) with
        {
            Band = MetricBands.JoulesPerToken,
        },
        Joules("run_serving_joules_per_request", "energy of serving a request", run => run.PerRequest(Reading.Of(run.ServingJoules))),
        Part("run_idle_joules_per_request", "energy of idle instances per request", RunCounter.IdleJoules),
        Part("run_unused_joules_per_request", "energy of unused accelerators per request", RunCounter.UnusedJoules),
        Part("run_transition_joules_per_request", "energy of transitions per request", ClusterCounter.TransitionJoules),
        Part("run_sleep_joules_per_request", "energy of sleeping instances per request", ClusterCounter.SleepJoules),
        Joules(
            "run_host_joules_per_request",
            "energy of hosts per request",
            run => run.PerRequest(run.Of(ClusterCounter.HostJoules, "the cluster file states no host power"))),
        Joules(
            "run_low_joules_per_request",
            "energy of the run per request, lower end of the clock model",
            run => run.PerRequest(run.EndJoules(RunCounter.TotalLowJoules))),
        Joules(
            "run_high_joules_per_request",
            "energy of the run per request, upper end of the clock model",
            run => run.PerRequest(run.EndJoules(RunCounter.TotalHighJoules))),
    ];

    private static IEnumerable<MetricDefinition> Power() =>
    [
        Of("one_second_peak_watts", "highest power over a second", "W", ClusterCounter.OneSecondPeakWatts, NoSeconds),
        Of("one_second_p99_watts", "power over a second, p99", "W", ClusterCounter.OneSecondP99Watts, NoSeconds),
        Of("row_peak_ratio", "highest power of a row over the budget that held", "", ClusterCounter.RowPeakRatio, NoRows),
        Of("row_over_budget_seconds", "time of rows over their budget", "s", ClusterCounter.RowOverBudgetSeconds, NoRows),
        Of("row_over_budget_times", "times that a row was over its budget", "", ClusterCounter.RowOverBudgetTimes, NoRows),
    ];

    private static IEnumerable<MetricDefinition> Control() =>
    [
        Whole("mean_gpus_on", "GPUs switched on, mean", "", run => run.Of(ClusterCounter.GpuOnSeconds, NoSeconds)
            .DividedBy(run.DurationSeconds, "the run has no length")),
        Whole("actions_per_hour", "actions of the policy per hour", "", run => run.Of(ClusterCounter.Actions, NoPolicy)
            .DividedBy(run.DurationSeconds / SecondsPerHour, "the run has no length")),
        Of("actions_refused", "actions that the cluster refused", "", ClusterCounter.ActionsRefused, NoPolicy),
        Of("requests_rejected", "requests that the policy rejected", "", ClusterCounter.RequestsRejected, NoPolicy),
        Of("requests_deferred", "requests that the policy deferred", "", ClusterCounter.RequestsDeferred, NoPolicy),
    ];

    private static IEnumerable<MetricDefinition> Surroundings() =>
    [
        Of("gpu_peak_celsius", "highest GPU temperature", "°C", ClusterCounter.GpuPeakCelsius, NoThermalModel),
        Of("inlet_peak_celsius", "highest inlet temperature", "°C", ClusterCounter.InletPeakCelsius, NoThermalModel),
        Of("too_hot_seconds", "time of servers that were too hot", "s", ClusterCounter.TooHotSeconds, NoThermalModel),
        Of("too_hot_times", "times that a server became too hot", "", ClusterCounter.TooHotTimes, NoThermalModel),
        Whole("co2e_grams_per_request", "emissions per request", "gCO2e", run => run.PerRequest(run.Of(ClusterCounter.Co2eGrams, NoGrid))),
        Whole("energy_cost_per_million_tokens", "energy cost per million output tokens", "", run =>
            run.PerOutputToken(run.Of(ClusterCounter.EnergyCost, NoGrid)) is var cost && cost.Value is { } one
                ? Reading.Of(TokensPerMillion * one)
                : cost),
        Of("mean_quality_ratio", "quality, mean", "", ClusterCounter.MeanQualityRatio, NoQuality) with
        {
            Better = Direction.Higher,
        },
    ];

    private static Reading Total(ClusterAccount run) => run.Of(RunCounter.TotalJoules, "the energy of the run is not known");

    private static MetricDefinition Joules(string name, string title, Func<ClusterAccount, Reading> read) => Whole(name, title, "J", read);

    private static MetricDefinition Part(string name, string title, RunCounter part) =>
        Joules(name, title, run => run.JoulesPerRequest(part));

    private static MetricDefinition Of(string name, string title, string unit, RunCounter counter, string reason) =>
        Whole(name, title, unit, run => run.Of(counter, reason));

    private static MetricDefinition Whole(string name, string title, string unit, Func<ClusterAccount, Reading> read) => new(
        name, title, unit, Direction.Lower, run => run.Cluster is { } cluster ? read(cluster) : Reading.Missing(NoCluster));
}
