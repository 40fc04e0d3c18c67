using GreenServe.Simulation.Hardware;

namespace GreenServe.Simulation.Physics;

/// <summary>The power model at one clock with the ends of its uncertainty, which comes from the voltage curve alone.</summary>
internal readonly record struct PowerBand(PowerModel Middle, PowerModel Low, PowerModel High)
{
    /// <summary>Whether there is no uncertainty: at the highest clock, or at a power cap.</summary>
    internal bool IsPoint => Low == Middle && High == Middle;

    internal static PowerBand At(PowerConstants constants, double clockRatio) => new(
        PowerModel.At(constants, clockRatio),
        PowerModel.At(constants, constants.VoltageMaxSaving, clockRatio),
        PowerModel.At(constants, constants.VoltageMinSaving, clockRatio));

    internal static PowerBand Central(in PowerModel power) => new(power, power, power);

    internal BandedValue Of(Func<PowerModel, double> value) => new(value(Middle), value(Low), value(High));
}
