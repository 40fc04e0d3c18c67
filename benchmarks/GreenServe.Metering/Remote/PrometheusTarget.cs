using GreenServe.Records.Measurements;

namespace GreenServe.Metering.Remote;

/// <summary>A power or energy metric in Prometheus' text format.</summary>
/// <param name="Address">Where it is exposed, for example <c>http://host:9400/metrics</c>.</param>
/// <param name="Metric">Its name.</param>
/// <param name="Scope">What its joules cover.</param>
/// <param name="JoulesPerUnit">For a counter of energy, joules in one unit (0.001 for millijoules); <c>null</c> for a gauge of watts.</param>
public sealed record PrometheusTarget(Uri Address, string Metric, MeterScope Scope, double? JoulesPerUnit)
{
    /// <summary>The two metrics of dcgm-exporter: its energy counter (mJ) and its power (W).</summary>
    public static IReadOnlyList<PrometheusTarget> Dcgm(Uri address) =>
    [
        new(address, "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION", MeterScope.Gpu, 1e-3),
        new(address, "DCGM_FI_DEV_POWER_USAGE", MeterScope.Gpu, null),
    ];
}
