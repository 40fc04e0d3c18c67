using GreenServe.Records.Measurements;

namespace GreenServe.Records.EnergyAccounting;

/// <summary>The scope that a run's one number of energy is given for.</summary>
public static class HeadlineScope
{
    /// <summary>First what computes, then what contains it: a node's joules would hide the accelerators'.</summary>
    public static IReadOnlyList<MeterScope> Order { get; } =
        [MeterScope.Gpu, MeterScope.Module, MeterScope.CpuPackage, MeterScope.Psys, MeterScope.Node];

    /// <summary>
    /// The entry that gives the number: the first measured one in <see cref="Order"/>, where a reading comes before a model's estimate;
    /// <c>null</c> if none was measured.
    /// </summary>
    public static ScopeEnergy? Of(WindowEnergy energy)
    {
        ScopeEnergy[] measured = [.. Order.Select(energy.Of).OfType<ScopeEnergy>().Where(scope => scope.Joules is not null)];
        return measured.FirstOrDefault(scope => !scope.IsEstimated) ?? measured.FirstOrDefault();
    }
}
