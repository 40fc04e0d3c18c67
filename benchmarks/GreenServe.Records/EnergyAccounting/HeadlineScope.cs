using GreenServe.Records.Measurements;

namespace GreenServe.Records.EnergyAccounting;

/// <summary>Chooses the scope whose energy is reported as the energy of a run.</summary>
public static class HeadlineScope
{
    /// <summary>
    /// The scopes in order of preference. Accelerators come before what contains them, since a node's joules would hide theirs.
    /// </summary>
    public static IReadOnlyList<MeterScope> Order { get; } =
        [MeterScope.Gpu, MeterScope.Module, MeterScope.CpuPackage, MeterScope.Psys, MeterScope.Node];

    /// <summary>
    /// The energy of the first scope in <see cref="Order"/> that was measured, or else of the first that was estimated by a power
    /// model; <c>null</c> if there is neither.
    /// </summary>
    public static ScopeEnergy? Of(WindowEnergy energy)
    {
        ScopeEnergy[] measured = [.. Order.Select(energy.Of).OfType<ScopeEnergy>().Where(scope => scope.Joules is not null)];
        return measured.FirstOrDefault(scope => !scope.IsEstimated) ?? measured.FirstOrDefault();
    }

    /// <summary>
    /// Whether only power models can give the energy of a run that is about to begin; <c>null</c> if nothing can.
    /// </summary>
    /// <param name="meters">The meters of the run.</param>
    public static bool? IsEstimatedBy(IEnumerable<MeterDescription> meters)
    {
        MeterDescription[] readable = [.. meters.Where(meter => meter.NotMeasured is null && Order.Contains(meter.Scope))];
        return readable.Length == 0 ? null : Array.TrueForAll(readable, meter => meter.IsEstimated);
    }
}
