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
/// <remarks>Known errors are in the validation table; averages hide spikes; no thermal state, no leakage, no fans.</remarks>
public readonly record struct PowerModel(double FloorWatts, double MemoryWatts, double ComputeWatts, double SamplingWatts)
{
    private const double HalfDiscountRows = 15;

    /// <summary>The power of an accelerator at a clock relative to its highest, in (0, 1].</summary>
    public static PowerModel At(PowerConstants constants, double clockRatio) => At(constants, constants.Voltage, clockRatio);

    /// <summary>The same with another voltage curve, such as an end of the uncertainty.</summary>
    public static PowerModel At(PowerConstants constants, VoltageCurve curve, double clockRatio)
    {
        double voltage = curve.At(clockRatio);
        double square = voltage * voltage;
        return new PowerModel(
            constants.IdleWatts + (constants.ClockedWatts * clockRatio * square),
            constants.MemoryWatts * (1 - curve.MemoryShare + (curve.MemoryShare * square)),
            constants.ComputeWatts * square,
            constants.SamplingWatts * square);
    }

    /// <summary>What reading weights for a product of <paramref name="rows"/> rows costs, as a share of what many rows cost.</summary>
    public static double WeightReadShare(PowerConstants constants, int rows) =>
        1 - (constants.OneRowDiscount / (1 + (Math.Max(0, rows - 1) / HalfDiscountRows)));

    /// <summary>Energy (J) of a stretch of time in which work was done.</summary>
    /// <param name="seconds">Length (s).</param>
    /// <param name="work">The work.</param>
    public double Joules(double seconds, in PowerWork work) =>
        (FloorWatts * seconds) + (MemoryWatts * work.MemorySeconds) + (ComputeWatts * work.ComputeSeconds) + (SamplingWatts * work.SamplingSeconds);
}
