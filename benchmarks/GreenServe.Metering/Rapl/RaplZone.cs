using GreenServe.Records.Measurements;

namespace GreenServe.Metering.Rapl;

/// <summary>One zone of the kernel's power capping tree.</summary>
/// <param name="Path">Its folder.</param>
/// <param name="Label">Its <c>name</c> file, for example <c>package-0</c> or <c>dram</c>.</param>
/// <param name="Package">The package it belongs to, for example <c>package-0</c>; its own label for a zone of its own.</param>
/// <param name="Scope">What its joules cover.</param>
/// <param name="IsMmio">Whether it reads the memory-mapped registers, which repeat those of the package.</param>
internal sealed record RaplZone(string Path, string Label, string Package, MeterScope Scope, bool IsMmio)
{
    internal string EnergyFile => System.IO.Path.Combine(Path, "energy_uj");

    /// <summary>Stable name, for example <c>rapl.package-0</c> or <c>rapl.package-0.dram</c>.</summary>
    internal string MeterName => (IsMmio ? "rapl-mmio." : "rapl.") + (Label == Package ? Label : $"{Package}.{Label}");
}
