using GreenServe.Records.Measurements;

namespace GreenServe.Metering.Models;

/// <summary>A guess of power, not a measurement: a straight line over utilisation, from idle to the design power.</summary>
/// <param name="Scope">
/// What the model stands for: <see cref="MeterScope.Gpu"/> for each GPU, or <see cref="MeterScope.CpuPackage"/> for all processors
/// together.
/// </param>
/// <param name="DesignWatts">The power at full use (W), more than at idle.</param>
/// <param name="IdleWatts">The power at no use (W), not negative.</param>
public sealed record UtilizationPowerModel(MeterScope Scope, double DesignWatts, double IdleWatts)
{
    /// <summary>The power at a utilisation (W).</summary>
    /// <param name="utilizationRatio">The share of time in use, from 0 to 1; a value outside is taken for the nearer end.</param>
    public double WattsAt(double utilizationRatio) => IdleWatts + ((DesignWatts - IdleWatts) * Math.Clamp(utilizationRatio, 0, 1));
}
