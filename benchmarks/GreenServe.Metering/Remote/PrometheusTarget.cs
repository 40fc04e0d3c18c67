using GreenServe.Records.Measurements;

namespace GreenServe.Metering.Remote;

/// <summary>A power or energy metric that an exporter shows in Prometheus' text format.</summary>
/// <param name="Address">The address of the page, for example <c>http://host:9400/metrics</c>.</param>
/// <param name="Metric">The name of the metric.</param>
/// <param name="Scope">What its joules cover.</param>
/// <param name="JoulesPerUnit">
/// For a counter of energy, the joules in one unit (0.001 for millijoules); <c>null</c> for a gauge of watts.
/// </param>
public sealed record PrometheusTarget(Uri Address, string Metric, MeterScope Scope, double? JoulesPerUnit)
{
    internal const string DcgmEnergy = "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION";
    internal const string DcgmPower = "DCGM_FI_DEV_POWER_USAGE";
    private const double JoulesPerMillijoule = 1e-3;

    /// <summary>The two metrics of dcgm-exporter: its energy counter (mJ) and its power (W).</summary>
    /// <param name="address">The address of its page.</param>
    public static IReadOnlyList<PrometheusTarget> Dcgm(Uri address) =>
    [
        new(address, DcgmEnergy, MeterScope.Gpu, JoulesPerMillijoule),
        new(address, DcgmPower, MeterScope.Gpu, JoulesPerUnit: null),
    ];
}
