using GreenServe.Simulation.Hardware;

namespace GreenServe.Simulation.Physics;

/// <summary>The power model at one clock with its uncertainty, which comes from the voltage curve alone.</summary>
/// <param name="Middle">The model with the fitted voltage curve.</param>
/// <param name="Low">The model with the curve of the largest saving.</param>
/// <param name="High">The model with the curve of the smallest saving.</param>
internal readonly record struct PowerBand(PowerModel Middle, PowerModel Low, PowerModel High)
{
    /// <summary>The band of an accelerator at a clock relative to its highest clock, in (0, 1].</summary>
    internal static PowerBand At(PowerConstants constants, double clockRatio) => new(
        PowerModel.At(constants, clockRatio),
        PowerModel.At(constants, constants.VoltageMaxSaving, clockRatio),
        PowerModel.At(constants, constants.VoltageMinSaving, clockRatio));

    /// <summary>A quantity of the power model with its uncertainty.</summary>
    internal BandedValue Of(Func<PowerModel, double> value) => new(value(Middle), value(Low), value(High));
}

/// <summary>A number with the ends of its uncertainty, all in the same unit.</summary>
/// <param name="Middle">The number.</param>
/// <param name="Low">Lower end of its uncertainty.</param>
/// <param name="High">Upper end of its uncertainty.</param>
public readonly record struct BandedValue(double Middle, double Low, double High)
{
    /// <summary>The number and its ends multiplied by a factor.</summary>
    internal BandedValue Times(double factor) => new(Middle * factor, Low * factor, High * factor);
}
