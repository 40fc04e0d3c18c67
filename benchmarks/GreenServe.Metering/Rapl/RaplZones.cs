using GreenServe.Records.Measurements;

namespace GreenServe.Metering.Rapl;

/// <summary>One zone of the power capping tree of the kernel.</summary>
/// <param name="Path">Its folder.</param>
/// <param name="Label">The text of its <c>name</c> file, for example <c>package-0</c> or <c>dram</c>.</param>
/// <param name="Package">The package it belongs to, for example <c>package-0</c>; its own label if it belongs to none.</param>
/// <param name="Scope">What its joules cover.</param>
/// <param name="IsMmio">Whether it reads the memory-mapped registers, which repeat those of the package.</param>
internal sealed record RaplZone(string Path, string Label, string Package, MeterScope Scope, bool IsMmio)
{
    /// <summary>The file with its counter.</summary>
    internal string EnergyFile => System.IO.Path.Combine(Path, "energy_uj");

    /// <summary>
    /// The zone's name without the interface that reads it, for example <c>package-0</c> or <c>package-0.dram</c>.
    /// </summary>
    internal string ShortName => Label == Package ? Label : $"{Package}.{Label}";

    /// <summary>The stable name of its meter, for example <c>rapl.package-0</c> or <c>rapl.package-0.dram</c>.</summary>
    internal string MeterName => (IsMmio ? "rapl-mmio." : "rapl.") + ShortName;
}

/// <summary>Reads the power capping tree of the kernel, on processors of Intel and AMD alike.</summary>
/// <remarks>
/// The zones of the tree are packages, dies, cores, uncore, memory and platform.
/// Source: Linux kernel, Documentation/power/powercap/powercap.rst.
/// Source of the names of the zones: drivers/powercap/intel_rapl_common.c.
/// </remarks>
internal static class RaplZones
{
    /// <summary>Finds every zone with an energy counter, in ordinal order of its folder.</summary>
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
            bool isZone = name.Contains("rapl", StringComparison.Ordinal) && name.Contains(':', StringComparison.Ordinal);
            if (isZone && File.Exists(Path.Combine(folder, "energy_uj")))
            {
                found.Add(Describe(folder, name, root));
            }
        }

        return found;
    }

    /// <summary>Why another zone already counts the same energy; <c>null</c> if none does.</summary>
    /// <param name="zone">The zone looked at.</param>
    /// <param name="all">Every zone of the host.</param>
    internal static string? RepetitionReason(RaplZone zone, IReadOnlyList<RaplZone> all)
    {
        if (zone.IsMmio && all.Any(other => !other.IsMmio && other.Label == zone.Label && other.Package == zone.Package))
        {
            return $"repeats rapl.{zone.ShortName} through memory-mapped registers";
        }

        bool isFurtherPlatform = zone.Scope == MeterScope.Psys && all.First(other => other.Scope == MeterScope.Psys) != zone;
        return isFurtherPlatform ? "the platform is counted once, by the first psys zone" : null;
    }

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
