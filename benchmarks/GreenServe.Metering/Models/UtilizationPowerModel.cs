using GreenServe.Records.Measurements;

namespace GreenServe.Metering.Models;

/// <summary>Power as a straight line from idle to the design power over utilisation: a guess, not a measurement.</summary>
/// <param name="Scope">What it stands for: <see cref="MeterScope.Gpu"/> for each GPU or <see cref="MeterScope.CpuPackage"/> for all processors together.</param>
/// <param name="DesignWatts">Power at full use (W), more than idle.</param>
/// <param name="IdleWatts">Power at no use (W), not negative.</param>
public sealed record UtilizationPowerModel(MeterScope Scope, double DesignWatts, double IdleWatts)
{
    /// <summary>Power at a utilisation from 0 to 1 (W).</summary>
    public double At(double utilization) => IdleWatts + ((DesignWatts - IdleWatts) * Math.Clamp(utilization, 0, 1));
}
