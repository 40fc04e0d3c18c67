using System.Text.RegularExpressions;
using GreenServe.Records.Measurements;
using GreenServe.Records.Prometheus;

namespace GreenServe.Metering.Remote;

/// <summary>What the labels of a series say of the device that it is about.</summary>
internal static partial class SeriesIdentity
{
    private const string UuidLabel = "UUID";

    /// <summary>The label by which dcgm-exporter tells apart the instances of a divided GPU (MIG).</summary>
    private const string InstanceLabel = "GPU_I_ID";

    /// <summary>The label by which exporters split the energy of one device into parts that add up to it.</summary>
    private const string ModeLabel = "mode";

    private static readonly string[] Modes = ["dynamic", "idle"];

    /// <summary>
    /// Labels that say who uses a device and not which one it is. They come and go with a pod, and a device repeats its series for each.
    /// </summary>
    private static readonly HashSet<string> UserLabels = new(StringComparer.OrdinalIgnoreCase)
    {
        InstanceLabel, "GPU_I_PROFILE", "pod", "namespace", "container", "exported_pod", "exported_namespace", "exported_container",
    };

    /// <summary>Labels that tell apart devices of one kind, whose energies add up.</summary>
    private static readonly HashSet<string> DeviceLabels = new(StringComparer.OrdinalIgnoreCase)
    {
        UuidLabel, "gpu", "gpu_id", "gpu_index", "gpu_uuid", "index", "card", "device", "device_id", "minor_number", "pci_bus_id",
        "pci_bdf", "pci_address", "bdf", "serial", "package", "socket", "socket_id", "cpu", "numa_node", "Hostname", "host", "node",
        "node_name", "nodename", "instance", "exported_instance",
    };

    /// <summary>The device's own identifier, which no two devices share; <c>null</c> if the labels have none.</summary>
    internal static string? Uuid(PrometheusSeries series) =>
        series.Labels.TryGetValue(UuidLabel, out string? uuid) && uuid.Length > 0 ? uuid : null;

    /// <summary>The name of the device that a series is about: its UUID, or else its labels without those of its users.</summary>
    internal static string Device(PrometheusSeries series) => Uuid(series) ?? string.Join(' ', series.Labels
        .Where(label => !UserLabels.Contains(label.Key))
        .OrderBy(label => label.Key, StringComparer.Ordinal)
        .Select(label => $"{label.Key}={label.Value}"));

    /// <summary>Whether a series is about an instance of a divided GPU, for which exporters repeat the power of the board.</summary>
    internal static bool IsInstance(PrometheusSeries series) =>
        series.Labels.TryGetValue(InstanceLabel, out string? instance) && instance.Length > 0;

    /// <summary>Whether a label tells apart devices, or parts of a device, whose energies add up.</summary>
    /// <param name="label">The name of the label.</param>
    /// <param name="values">Its values among the series of a metric.</param>
    internal static bool TellsDevicesApart(string label, IEnumerable<string> values) =>
        DeviceLabels.Contains(label) || (label == ModeLabel && values.All(Modes.Contains)) || values.All(Package().IsMatch);

    /// <summary>Whether a value of a label may stand for all devices together: it is missing where others have one, or says so.</summary>
    internal static bool MayBeTotal(string value) => value.ToUpperInvariant() is "" or "ALL" or "TOTAL" or "SUM";

    /// <summary>
    /// The label that names a zone of a processor, with the scope of that zone; <c>null</c> if no label does. Zones contain each other.
    /// </summary>
    /// <remarks>Source of the names: Linux kernel, drivers/powercap/intel_rapl_common.c; Kepler and node_exporter hand them on.</remarks>
    internal static (string Label, MeterScope Scope)? Zone(PrometheusSeries series)
    {
        foreach ((string label, string value) in series.Labels)
        {
            MeterScope? scope = value.ToUpperInvariant() switch
            {
                "CORE" or "CORES" or "PP0" => MeterScope.CpuCore,
                "UNCORE" or "PP1" => MeterScope.CpuUncore,
                "DRAM" => MeterScope.Dram,
                "PSYS" or "PLATFORM" => MeterScope.Psys,
                _ => Package().IsMatch(value) ? MeterScope.CpuPackage : null,
            };
            if (scope is { } found)
            {
                return (label, found);
            }
        }

        return null;
    }

    [GeneratedRegex("^package(-[0-9]+(-die-[0-9]+)?)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Package();
}
