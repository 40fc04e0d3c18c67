namespace GreenServe.Records.Runs;

/// <summary>The counters that only runs of a simulated cluster have.</summary>
public static class ClusterCounter
{
    private static readonly List<RunCounter> Listed = [];

    /// <summary>Energy of actions on instances.</summary>
    public static RunCounter TransitionJoules { get; } = List(
        "transition_joules",
        "joules",
        "Energy used while instances of the cluster started, woke, moved weights or stalled for a clock. It is no part of idle_joules.");

    /// <summary>Energy of instances that slept.</summary>
    public static RunCounter SleepJoules { get; } = List(
        "sleep_joules", "joules", "Energy used while instances of the cluster slept. It is no part of idle_joules.");

    /// <summary>Energy of the rest of the servers.</summary>
    public static RunCounter HostJoules { get; } = List(
        "host_joules",
        "joules",
        "Energy of the servers without their accelerators, where stated. It is in rows, emissions and cost, not in total_joules.");

    /// <summary>Time of accelerators that were on.</summary>
    public static RunCounter GpuOnSeconds { get; } = List(
        "gpu_on_seconds", "seconds", "Time in which accelerators of the cluster were not switched off, summed over the accelerators.");

    /// <summary>Decisions that were carried out.</summary>
    public static RunCounter Actions { get; } = List(
        "actions", "actions", "Decisions of the policy that were accepted.");

    /// <summary>Decisions that were refused.</summary>
    public static RunCounter ActionsRefused { get; } = List(
        "actions_refused", "actions", "Decisions of the policy that asked for what the cluster could not do.");

    /// <summary>Requests that the policy rejected.</summary>
    public static RunCounter RequestsRejected { get; } = List(
        "requests_rejected", "requests", "Requests that the policy rejected. Their status is refused.");

    /// <summary>Requests that the policy deferred.</summary>
    public static RunCounter RequestsDeferred { get; } = List(
        "requests_deferred",
        "requests",
        "Requests that the policy let wait outside of the cluster until a later time, each counted once.");

    /// <summary>Highest power over a second.</summary>
    public static RunCounter OneSecondPeakWatts { get; } = List(
        "one_second_peak_watts", "watts", "Highest mean power of the cluster over a whole second, accelerators and hosts together.");

    /// <summary>99th percentile of the power over a second.</summary>
    public static RunCounter OneSecondP99Watts { get; } = List(
        "one_second_p99_watts",
        "watts",
        "The 99th percentile of the mean power of the cluster over each second, of accelerators and hosts together.");

    /// <summary>Highest power of a row over its budget.</summary>
    public static RunCounter RowPeakRatio { get; } = List(
        "row_peak_ratio",
        "ratio",
        "Highest mean power of a row of servers over a second, as a ratio to the budget that held in that second.");

    /// <summary>Time of rows over their budget.</summary>
    public static RunCounter RowOverBudgetSeconds { get; } = List(
        "row_over_budget_seconds",
        "seconds",
        "Seconds in which a row of servers drew more than its budget at that time, summed over the rows.");

    /// <summary>Number of times that a row was over its budget.</summary>
    public static RunCounter RowOverBudgetTimes { get; } = List(
        "row_over_budget_times", "times", "Number of times that a row of servers came to draw more than its budget, each however long.");

    /// <summary>Highest temperature of an accelerator.</summary>
    public static RunCounter GpuPeakCelsius { get; } = List(
        "gpu_peak_celsius", "degrees Celsius", "Highest temperature of an accelerator, by the thermal model of the cluster.");

    /// <summary>Highest temperature at an inlet.</summary>
    public static RunCounter InletPeakCelsius { get; } = List(
        "inlet_peak_celsius",
        "degrees Celsius",
        "Highest temperature of the air at the inlet of a server, by the thermal model of the cluster.");

    /// <summary>Time of servers that were too hot.</summary>
    public static RunCounter TooHotSeconds { get; } = List(
        "too_hot_seconds",
        "seconds",
        "Seconds in which a server had an accelerator at the temperature at which it throttles, summed over the servers.");

    /// <summary>Number of times that a server became too hot.</summary>
    public static RunCounter TooHotTimes { get; } = List(
        "too_hot_times", "times", "Number of times that a server came to have an accelerator at the temperature at which it throttles.");

    /// <summary>Emissions of the run.</summary>
    public static RunCounter Co2eGrams { get; } = List(
        "co2e_grams", "grams", "Grams of CO2 equivalent of the energy of accelerators and hosts, by the grid signals of the sites.");

    /// <summary>Cost of the energy.</summary>
    public static RunCounter EnergyCost { get; } = List(
        "energy_cost", "currency of the grid file", "Cost of the energy of accelerators and hosts, by the grid signals of the sites.");

    /// <summary>Mean quality of the answers.</summary>
    public static RunCounter MeanQualityRatio { get; } = List(
        "mean_quality_ratio",
        "ratio",
        "Mean quality of the models that gave the completed answers, weighted by input and output tokens.");

    /// <summary>Every counter of this class.</summary>
    internal static IReadOnlyList<RunCounter> All => Listed;

    private static RunCounter List(string name, string unit, string meaning)
    {
        RunCounter counter = new(name, unit, meaning);
        Listed.Add(counter);
        return counter;
    }
}
