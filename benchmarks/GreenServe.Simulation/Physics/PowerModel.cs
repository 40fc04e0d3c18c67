using GreenServe.Simulation.Hardware;

namespace GreenServe.Simulation.Physics;

/// <summary>
/// Power of one accelerator at one clock: a floor that is drawn all the time, and energies of work done. Linear in the achieved rates:
/// <c>P = idle + clocked·r·v² + memory·u_m·(1 - share + share·v²) + compute·u_c·v² + sampling·u_s·v²</c>.
/// </summary>
/// <param name="FloorWatts">Drawn while the clock is held, loaded or not (W).</param>
/// <param name="MemoryWatts">Added at full nominal bandwidth (W).</param>
/// <param name="ComputeWatts">Added at the full nominal rate of the tensor units (W).</param>
/// <param name="SamplingWatts">Added while sampling (W).</param>
/// <remarks>Known error: 5-8 % on serving measurements (see the calibration table); averages hide spikes; no thermal state.</remarks>
public readonly record struct PowerModel(double FloorWatts, double MemoryWatts, double ComputeWatts, double SamplingWatts)
{
    /// <summary>The power of an accelerator at a clock relative to its highest, in (0, 1].</summary>
    public static PowerModel At(PowerConstants constants, double clockRatio)
    {
        double voltage = constants.Voltage.At(clockRatio);
        double square = voltage * voltage;
        return new PowerModel(
            constants.IdleWatts + (constants.ClockedWatts * clockRatio * square),
            constants.MemoryWatts * (1 - constants.MemoryVoltageShare + (constants.MemoryVoltageShare * square)),
            constants.ComputeWatts * square,
            constants.SamplingWatts * square);
    }

    /// <summary>Energy (J) of a stretch of time in which work was done.</summary>
    /// <param name="seconds">Length (s).</param>
    /// <param name="memorySeconds">Bytes moved over the nominal bandwidth (s).</param>
    /// <param name="computeSeconds">Operations done over the nominal peak at the highest clock (s).</param>
    /// <param name="samplingSeconds">Time spent sampling (s).</param>
    public double Joules(double seconds, double memorySeconds, double computeSeconds, double samplingSeconds) =>
        (FloorWatts * seconds) + (MemoryWatts * memorySeconds) + (ComputeWatts * computeSeconds) + (SamplingWatts * samplingSeconds);
}
