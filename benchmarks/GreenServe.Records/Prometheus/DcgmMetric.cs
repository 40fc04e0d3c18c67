namespace GreenServe.Records.Prometheus;

/// <summary>The names under which dcgm-exporter shows the energy of GPUs.</summary>
/// <remarks>Source: dcgm-exporter, etc/default-counters.csv.</remarks>
public static class DcgmMetric
{
    /// <summary>The energy that a GPU has used since its driver was loaded, in millijoules: a counter.</summary>
    public const string TotalEnergy = "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION";

    /// <summary>The power that a GPU draws, in watts: a gauge.</summary>
    public const string PowerUsage = "DCGM_FI_DEV_POWER_USAGE";

    /// <summary>The label by which a built-in server marks its readings as <see cref="Simulated"/>. Real exporters have none.</summary>
    public const string EvidenceLabel = "evidence";

    /// <summary>The value of <see cref="EvidenceLabel"/> for readings that were computed and not measured.</summary>
    public const string Simulated = "simulated";
}
