using GreenServe.Records.Measurements;

namespace GreenServe.Metering.Rapl;

/// <summary>Reads the kernel's power capping tree: packages, dies, cores, uncore, memory and platform, Intel and AMD alike.</summary>
/// <remarks>Source: Linux kernel, Documentation/power/powercap/powercap.rst; zone names from drivers/powercap/intel_rapl_common.c.</remarks>
internal static class RaplZones
{
    /// <summary>Every zone with an energy counter, in ordinal order of its folder.</summary>
    internal static IReadOnlyList<RaplZone> Find(SystemFiles files)
    {
        string root = files.PathOf("sys/class/powercap");
        if (!Directory.Exists(root))
        {
            return [];
        }

        List<RaplZone> found = [];
        foreach (string folder in Directory.GetDirectories(root).Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileName(folder);
            if (name.Contains("rapl", StringComparison.Ordinal) && name.Contains(':', StringComparison.Ordinal) && File.Exists(Path.Combine(folder, "energy_uj")))
            {
                found.Add(Describe(folder, name, root));
            }
        }

        return found;
    }

    /// <summary>Whether another zone of the list already counts the same energy.</summary>
    internal static bool IsDuplicate(RaplZone zone, IReadOnlyList<RaplZone> all) =>
        zone.IsMmio && all.Any(other => !other.IsMmio && other.Label == zone.Label && other.Package == zone.Package);

    /// <summary>Whether the zone is a second view of the platform, which the first processor alone counts.</summary>
    internal static bool IsFurtherPlatform(RaplZone zone, IReadOnlyList<RaplZone> all) =>
        zone.Scope == MeterScope.Psys && all.First(other => other.Scope == MeterScope.Psys) != zone;

    private static RaplZone Describe(string folder, string name, string root)
    {
        string label = Label(folder);
        string[] parts = name.Split(':');
        string package = parts.Length > 2 ? Label(Path.Combine(root, $"{parts[0]}:{parts[1]}")) : label;
        return new RaplZone(folder, label, package, Scope(label), parts[0].Contains("mmio", StringComparison.Ordinal));
    }

    private static string Label(string folder) => SystemFiles.ReadLine(Path.Combine(folder, "name")) ?? Path.GetFileName(folder);

    private static MeterScope Scope(string label) => label switch
    {
        "core" => MeterScope.CpuCore,
        "uncore" => MeterScope.CpuUncore,
        "dram" => MeterScope.Dram,
        "psys" => MeterScope.Psys,
        _ => MeterScope.CpuPackage,
    };
}
