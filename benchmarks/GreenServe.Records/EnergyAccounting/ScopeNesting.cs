using GreenServe.Records.Measurements;

namespace GreenServe.Records.EnergyAccounting;

/// <summary>Which scopes contain which. Energies may be added only over scopes that do not contain each other.</summary>
public static class ScopeNesting
{
    /// <summary>Whether the joules of <paramref name="outer"/> include those of <paramref name="inner"/> on the same host.</summary>
    /// <remarks>
    /// A supply rail may feed anything, so it is taken to contain every scope and to be contained in every scope. A processor
    /// package is taken not to contain main memory. On some boards it seems to, so the sum of both is an upper bound.
    /// </remarks>
    public static bool Contains(MeterScope outer, MeterScope inner) => outer != inner && (outer, inner) switch
    {
        (MeterScope.Node, _) or (MeterScope.Rail, _) or (_, MeterScope.Rail) => true,
        (MeterScope.Psys, MeterScope.CpuPackage or MeterScope.CpuCore or MeterScope.CpuUncore or MeterScope.Dram) => true,
        (MeterScope.Module, MeterScope.Gpu or MeterScope.GpuMemory) => true,
        (MeterScope.Module, MeterScope.CpuPackage or MeterScope.CpuCore or MeterScope.CpuUncore) => true,
        (MeterScope.Gpu, MeterScope.GpuMemory) => true,
        (MeterScope.CpuPackage, MeterScope.CpuCore or MeterScope.CpuUncore) => true,
        _ => false,
    };

    /// <summary>Whether energies of these two scopes may be added.</summary>
    public static bool MayAdd(MeterScope one, MeterScope other) => one != other && !Contains(one, other) && !Contains(other, one);
}
