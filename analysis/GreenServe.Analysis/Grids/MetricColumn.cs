using GreenServe.Analysis.Metrics;
using GreenServe.Analysis.Statistics;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Grids;

/// <summary>The columns of one metric in the table of a grid: its mean over repetitions with everything that says how sure it is.</summary>
internal sealed class MetricColumn
{
    private const string BandLowSuffix = "_band_low";

    // Latencies up to this many seconds are read in milliseconds.
    private const double MaxSecondsInMilliseconds = 10;

    internal MetricColumn(MetricDefinition metric)
    {
        Metric = metric;
        Mean = Of("", metric.Title);
        Low = Of("_low", $"{metric.Title}, lower end of its interval");
        High = Of("_high", $"{metric.Title}, upper end of its interval");
        Error = metric.HasError ? Of("_error", $"{metric.Title}, error of the measurement") : null;
        Uncertainty = metric.HasError ? Of("_uncertainty", $"{metric.Title}, uncertainty") : null;
        BandLow = metric.Band is null ? null : Of(BandLowSuffix, $"{metric.Title}, lower end of its error band");
        BandHigh = metric.Band is null ? null : Of("_band_high", $"{metric.Title}, upper end of its error band");
    }

    /// <summary>The metric that the columns hold.</summary>
    public MetricDefinition Metric { get; }

    /// <summary>Mean over the valid repetitions; its column is called like the metric.</summary>
    public NumberColumn Mean { get; }

    /// <summary>Lower end of the 95 % interval of the mean between runs; absent below two repetitions.</summary>
    public NumberColumn Low { get; }

    /// <summary>Upper end of the 95 % interval of the mean between runs; absent below two repetitions.</summary>
    public NumberColumn High { get; }

    /// <summary>Largest error bound of the measurement itself; <c>null</c> for a metric that no meter states one for.</summary>
    public NumberColumn? Error { get; }

    /// <summary>Error bound and half the interval combined in quadrature; <c>null</c> for a metric without an error bound.</summary>
    public NumberColumn? Uncertainty { get; }

    /// <summary>
    /// Lower end of what a simulated mean may be off by; <c>null</c> for a metric whose errors were never compared.
    /// </summary>
    public NumberColumn? BandLow { get; }

    /// <summary>
    /// Upper end of what a simulated mean may be off by; <c>null</c> for a metric whose errors were never compared.
    /// </summary>
    public NumberColumn? BandHigh { get; }

    /// <summary>The columns of the mean and its confidence interval.</summary>
    public IReadOnlyList<NumberColumn> Interval => [Mean, Low, High];

    /// <summary>Every column of the metric, in the order of the table.</summary>
    public IReadOnlyList<NumberColumn> All => [.. Interval, .. new[] { Error, Uncertainty }.OfType<NumberColumn>()];

    /// <summary>
    /// What a simulated mean may be off by in a row; nothing where it is not simulated, and in tables of earlier versions.
    /// </summary>
    internal (double? Low, double? High) BandOf(TableRow row, ResultTable table) =>
        BandLow is { } low && BandHigh is { } high && table.Has(low) && table.Has(high) ? (row[low], row[high]) : (null, null);

    /// <summary>Half the width of the interval in a row; <c>null</c> where there is none.</summary>
    internal double? HalfWidth(TableRow row) => (row[High] - row[Low]) / 2;

    /// <summary>
    /// The mean in a row with its interval. Without an interval it counts as one run, however many there were: one number says nothing
    /// about the next.
    /// </summary>
    /// <exception cref="InvalidOperationException">The row has no mean.</exception>
    internal MeanInterval MeanOf(TableRow row)
    {
        double mean = row[Mean] ?? throw new InvalidOperationException($"A row without {Mean} has no mean.");
        return row[Low] is { } low && row[GridColumns.Repetitions] is { } repetitions
            ? new MeanInterval((int)repetitions, mean, low, row[High])
            : new MeanInterval(1, mean, null, null);
    }

    /// <summary>Quantity and unit as the label of an axis, with a word for energy that a power model gave.</summary>
    /// <param name="unit">The unit that the axis is drawn in.</param>
    /// <param name="table">The table that is drawn.</param>
    internal string AxisLabel(string unit, ResultTable table) =>
        Metric.Unit is "J" or "W" ? EnergyLabel.Of(AxisLabel(unit), table) : AxisLabel(unit);

    /// <summary>
    /// Factor by which values are multiplied for readers, and the unit of the result. Short latencies are shown in milliseconds.
    /// </summary>
    internal (double Factor, string Unit) Display(IEnumerable<double> values) => Metric.Unit switch
    {
        "s" => values.DefaultIfEmpty(0).Max() < MaxSecondsInMilliseconds ? (1000, "ms") : (1, "s"),
        _ => (1, Metric.Unit),
    };

    private string AxisLabel(string unit) =>
        this == MetricColumns.JoulesPerRequest || IsOfRun("request") ? "energy (J/request)"
        : this == MetricColumns.JoulesPerOutputToken || IsOfRun("output_token") ? "energy (J/token)"
        : Metric.Unit == "W" ? "power (W)"
        : Metric.Unit == "s" ? $"{Metric.Title.Split(',')[0]} ({unit})"
        : unit.Length > 0 ? unit
        : Metric.Title;

    private bool IsOfRun(string what) =>
        Metric.IsOfCluster && Metric.Name.EndsWith($"_joules_per_{what}", StringComparison.Ordinal);

    /// <summary>Whether a column holds the lower end of what simulated means of some metric may be off by.</summary>
    internal static bool IsBandLow(Column column) => column.Name.EndsWith(BandLowSuffix, StringComparison.Ordinal);

    private NumberColumn Of(string suffix, string legend) => new(Metric.Name + suffix) { Unit = Metric.Unit, Legend = legend };
}

/// <summary>The metrics as columns. Those that figures, answers and reports name have a property of their own.</summary>
/// <remarks>Their definitions are in <see cref="MetricCatalog"/>; a name that is not there fails when this class is first used.</remarks>
internal static class MetricColumns
{
    /// <summary>Every metric, in the order of the table.</summary>
    public static IReadOnlyList<MetricColumn> All { get; } = [.. MetricCatalog.All.Select(metric => new MetricColumn(metric))];

    /// <summary>The metrics that the table of some runs has, in the order of the table.</summary>
    public static IReadOnlyList<MetricColumn> For(IReadOnlyList<ExperimentRun> runs) =>
        [.. All.Where(column => column.Metric.AppliesTo is not { } applies || runs.Any(run => applies(run.Metrics)))];

    /// <summary>The metric of a name.</summary>
    public static MetricColumn Of(string name) => ByName[name];

    private static readonly Dictionary<string, MetricColumn> ByName = All.ToDictionary(column => column.Metric.Name);

    /// <summary>Median time to the first token.</summary>
    public static MetricColumn TtftP50 { get; } = ByName["ttft_p50_seconds"];

    /// <summary>99th percentile of the time to the first token.</summary>
    public static MetricColumn TtftP99 { get; } = ByName["ttft_p99_seconds"];

    /// <summary>Mean time between tokens.</summary>
    public static MetricColumn TbtMean { get; } = ByName["tbt_mean_seconds"];

    /// <summary>Median time between tokens.</summary>
    public static MetricColumn TbtP50 { get; } = ByName["tbt_p50_seconds"];

    /// <summary>99th percentile of the time between tokens.</summary>
    public static MetricColumn TbtP99 { get; } = ByName["tbt_p99_seconds"];

    /// <summary>Mean time per output token.</summary>
    public static MetricColumn TpotMean { get; } = ByName["tpot_mean_seconds"];

    /// <summary>Median time from sending a request to its last token.</summary>
    public static MetricColumn E2eP50 { get; } = ByName["e2e_p50_seconds"];

    /// <summary>99th percentile of the time from sending a request to its last token.</summary>
    public static MetricColumn E2eP99 { get; } = ByName["e2e_p99_seconds"];

    /// <summary>Output tokens delivered each second.</summary>
    public static MetricColumn OutputTokensPerSecond { get; } = ByName["output_tokens_per_second"];

    /// <summary>Output tokens delivered each second by each GPU.</summary>
    public static MetricColumn OutputTokensPerSecondPerGpu { get; } = ByName["output_tokens_per_second_per_gpu"];

    /// <summary>Requests completed each second.</summary>
    public static MetricColumn CompletedRequestsPerSecond { get; } = ByName["completed_requests_per_second"];

    /// <summary>Columns of the mean power.</summary>
    public static MetricColumn MeanWatts { get; } = ByName["mean_watts"];

    /// <summary>Columns of the peak power.</summary>
    public static MetricColumn PeakWatts { get; } = ByName["peak_watts"];

    /// <summary>Energy of a request.</summary>
    public static MetricColumn JoulesPerRequest { get; } = ByName["joules_per_request"];

    /// <summary>Energy of an output token.</summary>
    public static MetricColumn JoulesPerOutputToken { get; } = ByName["joules_per_output_token"];

    /// <summary>Idle energy of an output token.</summary>
    public static MetricColumn IdleJoulesPerOutputToken { get; } = ByName["idle_joules_per_output_token"];

    /// <summary>Energy of holding the model ready, of an output token.</summary>
    public static MetricColumn LoadedIdleJoulesPerOutputToken { get; } = ByName["loaded_idle_joules_per_output_token"];

    /// <summary>Prefill energy above loaded-idle of an output token.</summary>
    public static MetricColumn PrefillJoulesPerOutputToken { get; } = ByName["prefill_joules_per_output_token"];

    /// <summary>Decode energy above loaded-idle of an output token.</summary>
    public static MetricColumn DecodeJoulesPerOutputToken { get; } = ByName["decode_joules_per_output_token"];

    /// <summary>Power of the empty system.</summary>
    public static MetricColumn IdleWatts { get; } = ByName["idle_watts"];

    /// <summary>Power with the weights loaded and no request.</summary>
    public static MetricColumn LoadedIdleWatts { get; } = ByName["loaded_idle_watts"];

    /// <summary>Mean power of the host.</summary>
    public static MetricColumn HostWatts { get; } = ByName["host_watts"];

    /// <summary>Emissions of a million output tokens.</summary>
    public static MetricColumn GramsPerMillionTokens { get; } = ByName["co2e_grams_per_million_output_tokens"];

    /// <summary>Cost of a million output tokens.</summary>
    public static MetricColumn CostPerMillionTokens { get; } = ByName["cost_per_million_output_tokens"];

    /// <summary>Share of requests within the SLO.</summary>
    public static MetricColumn SloAttainment { get; } = ByName["slo_attainment"];

    /// <summary>Requests each second within the SLO.</summary>
    public static MetricColumn SloGoodput { get; } = ByName["slo_goodput_requests_per_second"];

    /// <summary>Largest latency over its limit.</summary>
    public static MetricColumn SloWorstRatio { get; } = ByName["slo_worst_ratio"];

    /// <summary>Whether the SLO is kept: 1 for yes, 0 for no.</summary>
    public static MetricColumn SloFeasible { get; } = ByName["slo_feasible"];

    /// <summary>90th percentile of the time to the first token.</summary>
    public static MetricColumn TtftP90 { get; } = ByName["ttft_p90_seconds"];

    /// <summary>90th percentile of the time between tokens.</summary>
    public static MetricColumn TbtP90 { get; } = ByName["tbt_p90_seconds"];

    /// <summary>The metric whose mean a column holds; <c>null</c> for any other column.</summary>
    public static MetricColumn? Find(Column column) => ByName.GetValueOrDefault(column.Name);
}
