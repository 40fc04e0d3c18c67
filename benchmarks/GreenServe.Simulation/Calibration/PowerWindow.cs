using GreenServe.Simulation.Hardware;
using GreenServe.Simulation.Physics;

namespace GreenServe.Simulation.Calibration;

/// <summary>A window between two meter readings.</summary>
/// <param name="Run">Name of the run.</param>
/// <param name="StartSeconds">Its start (s).</param>
/// <param name="Seconds">Its length (s).</param>
/// <param name="Joules">Energy of all accelerators, measured (J).</param>
/// <param name="IdleJoules">The part that is there without a process (J).</param>
/// <param name="Coefficients">What multiplies the clocked, memory and compute watts (s).</param>
/// <param name="SamplingJoules">What sampling adds, by the constants before (J).</param>
internal sealed record PowerWindow(
    string Run, double StartSeconds, double Seconds, double Joules, double IdleJoules, double[] Coefficients, double SamplingJoules)
{
    /// <summary>The energy that some constants predict (J).</summary>
    internal double Predict(IReadOnlyList<double> watts) =>
        IdleJoules + SamplingJoules + Coefficients.Zip(watts, (coefficient, value) => coefficient * value).Sum();

    internal static PowerWindow Of(
        CalibrationRun run, StepPhysics physics, PowerConstants power, int firstStep, double start, double stop, double joules)
    {
        double clocked = 0;
        double memory = 0;
        double compute = 0;
        double sampling = 0;
        double busy = 0;
        double ratio = 1;
        for (int index = firstStep; index < run.Steps.Count && run.Steps[index].StartSeconds < stop; index++)
        {
            MeasuredStep step = run.Steps[index];
            double inside = Math.Min(stop, step.StartSeconds + step.Seconds) - Math.Max(start, step.StartSeconds);
            double share = Math.Max(0, inside) / step.Seconds;
            PowerWork work = physics.WorkOf(step.Shape, step.ClockRatio).Work;
            (double clockFactor, double memoryFactor, double voltageSquare) = Factors(power, step.ClockRatio);
            ratio = step.ClockRatio;
            busy += share * step.Seconds;
            clocked += share * step.Seconds * clockFactor;
            memory += share * work.MemorySeconds * memoryFactor;
            compute += share * work.ComputeSeconds * voltageSquare;
            sampling += share * work.SamplingSeconds * voltageSquare * power.SamplingWatts;
        }

        clocked += (stop - start - busy) * Factors(power, ratio).Clock;
        int gpus = run.System.Gpus;
        return new PowerWindow(
            run.Name,
            start,
            stop - start,
            joules,
            gpus * power.IdleWatts * (stop - start),
            [gpus * clocked, gpus * memory, gpus * compute],
            gpus * sampling);
    }

    private static (double Clock, double Memory, double Square) Factors(PowerConstants power, double ratio)
    {
        double square = power.Voltage.At(ratio) * power.Voltage.At(ratio);
        return (ratio * square, 1 - power.Voltage.MemoryShare + (power.Voltage.MemoryShare * square), square);
    }
}
