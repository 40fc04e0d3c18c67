using GreenServe.Simulation.Hardware;

namespace GreenServe.Simulation.Physics;

/// <summary>
/// Power of one accelerator at one clock: a floor that it always draws, and the energy of the work that it does. Power is linear in the
/// achieved rates u of memory, compute and sampling at relative clock r and relative voltage v:
/// <c>P = idle + (clocked + busy)·r·v² + memory·u_m·(1 - share + share·v²) + compute·u_c·v² + sampling·u_s·v²</c>.
/// </summary>
/// <param name="FloorWatts">Power while the clock is held, with or without work, in watts.</param>
/// <param name="BusyWatts">Power that a step adds whatever it does, in watts.</param>
/// <param name="MemoryWatts">Power that memory adds at its full nominal bandwidth, in watts.</param>
/// <param name="ComputeWatts">Power that the tensor units add at their full nominal rate, in watts.</param>
/// <param name="SamplingWatts">Power that sampling adds, in watts.</param>
/// <remarks>
/// The validation table states the known errors. Averages hide short peaks. Temperature, leakage and fans are not modelled.
/// </remarks>
internal readonly record struct PowerModel(
    double FloorWatts, double BusyWatts, double MemoryWatts, double ComputeWatts, double SamplingWatts)
{
    /// <summary>Rows beyond the first at which half of the one-row discount is left.</summary>
    private const double HalfDiscountRows = 15;

    /// <summary>The power of an accelerator at a clock relative to its highest clock, in (0, 1].</summary>
    internal static PowerModel At(PowerConstants constants, double clockRatio) => At(constants, constants.Voltage, clockRatio);

    /// <summary>The power of an accelerator with another voltage curve, such as one for an end of the uncertainty.</summary>
    internal static PowerModel At(PowerConstants constants, VoltageCurve curve, double clockRatio)
    {
        double voltage = curve.VoltageRatioAt(clockRatio);
        double square = voltage * voltage;
        return new PowerModel(
            constants.IdleWatts + (constants.ClockedWatts * clockRatio * square),
            constants.BusyWatts * clockRatio * square,
            constants.MemoryWatts * (1 - curve.MemoryShare + (curve.MemoryShare * square)),
            constants.ComputeWatts * square,
            constants.SamplingWatts * square);
    }

    /// <summary>Power of reading weights for a product of <paramref name="rows"/> rows, as a share of the power for many rows.</summary>
    internal static double WeightReadShare(PowerConstants constants, int rows) =>
        1 - (constants.OneRowDiscountRatio / (1 + (Math.Max(0, rows - 1) / HalfDiscountRows)));

    /// <summary>Energy of a stretch of time in which work was done, in joules.</summary>
    /// <param name="seconds">Length of the stretch, in seconds.</param>
    /// <param name="work">The work.</param>
    internal double Joules(double seconds, in PowerWork work) => ((FloorWatts + BusyWatts) * seconds) + Joules(work);

    /// <summary>Energy of work beyond what its time costs, in joules.</summary>
    /// <param name="work">The work.</param>
    internal double Joules(in PowerWork work) =>
        (MemoryWatts * work.MemorySeconds)
        + (ComputeWatts * work.ComputeSeconds)
        + (SamplingWatts * work.SamplingSeconds);
}

/// <summary>Work of one accelerator that costs energy, each kind as the time that it would take at full rate.</summary>
/// <param name="MemorySeconds">
/// Bytes moved divided by the nominal bandwidth, in seconds. Each kind of read is weighted by its power relative to reading weights for
/// many rows.
/// </param>
/// <param name="ComputeSeconds">Operations divided by the nominal peak at the highest clock, in seconds.</param>
/// <param name="SamplingSeconds">Time spent sampling, in seconds.</param>
internal readonly record struct PowerWork(double MemorySeconds, double ComputeSeconds, double SamplingSeconds)
{
    /// <summary>The work of both operands.</summary>
    public static PowerWork operator +(in PowerWork left, in PowerWork right) => new(
        left.MemorySeconds + right.MemorySeconds,
        left.ComputeSeconds + right.ComputeSeconds,
        left.SamplingSeconds + right.SamplingSeconds);

    /// <summary>A multiple of the work.</summary>
    public static PowerWork operator *(double factor, in PowerWork work) =>
        new(factor * work.MemorySeconds, factor * work.ComputeSeconds, factor * work.SamplingSeconds);
}
