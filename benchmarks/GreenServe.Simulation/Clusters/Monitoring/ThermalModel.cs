namespace GreenServe.Simulation.Clusters.Monitoring;

/// <summary>
/// Temperatures of accelerators and inlets. An accelerator strives for a temperature that rises with its power, and follows it with a
/// first-order lag.
/// </summary>
/// <remarks>
/// Source: inferred. TAPAS (arXiv 2501.02600) has regressions of a real building, which are not public. Orders between policies can be
/// trusted more than degrees.
/// </remarks>
/// <param name="constants">The constants.</param>
internal sealed class ThermalModel(ThermalEntry constants)
{
    private readonly double remainingAfterSecond = RemainingRatio(1, constants.LagSeconds);

    /// <summary>Temperature from which an accelerator counts as throttled, in degrees Celsius.</summary>
    internal double ThrottleCelsius => constants.ThrottleCelsius;

    /// <summary>Temperature of an accelerator after a time of constant power, in degrees Celsius.</summary>
    /// <param name="celsius">Its temperature before, in degrees Celsius.</param>
    /// <param name="inletCelsius">Temperature of the air at the inlet, in degrees Celsius.</param>
    /// <param name="watts">Power of the accelerator, in watts.</param>
    /// <param name="seconds">The time, in seconds, above 0.</param>
    internal double GpuCelsius(double celsius, double inletCelsius, double watts, double seconds)
    {
        double steady = inletCelsius + (constants.CelsiusPerWatt * watts);
        return steady + ((celsius - steady) * (seconds == 1 ? remainingAfterSecond : RemainingRatio(seconds, constants.LagSeconds)));
    }

    /// <summary>Temperature of the air at the inlets, in degrees Celsius.</summary>
    /// <param name="airflowRatio">Air that the servers need over the air that there is.</param>
    /// <remarks>
    /// Of the air that servers take in, a share <c>1 - 1/ratio</c> is their own exhaust, which is warmer by the rise through a server. The
    /// balance of heat then gives <c>rise · (ratio - 1)</c> above the air that is supplied.
    /// </remarks>
    internal double InletCelsius(double airflowRatio) =>
        constants.InletCelsius + (constants.AirRiseCelsius * Math.Max(0, airflowRatio - 1));

    private static double RemainingRatio(double seconds, double lagSeconds) => lagSeconds == 0 ? 0 : Math.Exp(-seconds / lagSeconds);
}
