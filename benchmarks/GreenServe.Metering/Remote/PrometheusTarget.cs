using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Records.Prometheus;

namespace GreenServe.Metering.Remote;

/// <summary>A power or energy metric that an exporter shows in Prometheus' text format.</summary>
/// <param name="Address">The address of the page, for example <c>http://host:9400/metrics</c>.</param>
/// <param name="Metric">The name of the metric.</param>
/// <param name="Scope">What its joules cover.</param>
/// <param name="Unit">The unit of its values. A unit of energy makes it a counter, a unit of power a gauge.</param>
public sealed record PrometheusTarget(Uri Address, string Metric, MeterScope Scope, MetricUnit Unit)
{
    /// <summary>The series of the metric that are measured.</summary>
    /// <value>The default is every series.</value>
    public LabelSelector Selector { get; init; } = LabelSelector.All;

    /// <summary>The highest power that one of its devices can draw (W).</summary>
    /// <value>
    /// A positive number. The default is <c>null</c>: that of the scope, <see cref="PlausibleReading.CeilingWatts(MeterScope)"/>.
    /// </value>
    public double? CeilingWatts { get; init; }

    /// <summary>The two metrics of dcgm-exporter: its energy counter (mJ) and its power (W).</summary>
    /// <param name="address">The address of its page.</param>
    public static IReadOnlyList<PrometheusTarget> Dcgm(Uri address) =>
    [
        new(address, DcgmMetric.TotalEnergy, MeterScope.Gpu, MetricUnit.Millijoules),
        new(address, DcgmMetric.PowerUsage, MeterScope.Gpu, MetricUnit.Watts),
    ];

    /// <summary>Whether the target wants a series.</summary>
    internal bool Wants(PrometheusSeries series) => series.Metric == Metric && Selector.Matches(series.Labels);
}
