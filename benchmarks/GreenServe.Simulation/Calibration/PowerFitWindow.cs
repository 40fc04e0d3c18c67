using GreenServe.Simulation.Hardware;
using GreenServe.Simulation.Physics;

namespace GreenServe.Simulation.Calibration;

/// <summary>A stretch of time between two meter readings: the energy measured, and the work that its steps did.</summary>
/// <param name="Run">Name of the run.</param>
/// <param name="StartSeconds">Its start (s).</param>
/// <param name="Seconds">Its length (s).</param>
/// <param name="BusySeconds">How much of it steps fill (s).</param>
/// <param name="Joules">Energy of all accelerators, measured (J).</param>
/// <param name="FixedJoules">What is there whatever is fitted: idle power, and sampling by the constants before (J).</param>
/// <param name="ClockedSeconds">What multiplies the clocked watts (s).</param>
/// <param name="MemorySeconds">What multiplies the memory watts for weights, without discount (s).</param>
/// <param name="DiscountSeconds">What the full one-row discount takes off that (s).</param>
/// <param name="ContextSeconds">What multiplies the memory watts and the ratio of reading keys and values (s).</param>
/// <param name="ComputeSeconds">What multiplies the compute watts (s).</param>
internal sealed record PowerFitWindow(
    string Run,
    double StartSeconds,
    double Seconds,
    double BusySeconds,
    double Joules,
    double FixedJoules,
    double ClockedSeconds,
    double MemorySeconds,
    double DiscountSeconds,
    double ContextSeconds,
    double ComputeSeconds)
{
    /// <summary>The energy that some constants predict (J).</summary>
    internal double Predict(double clockedWatts, double memoryWatts, double oneRowDiscount, double contextReadRatio, double computeWatts) =>
        FixedJoules + (clockedWatts * ClockedSeconds)
        + (memoryWatts * (MemorySeconds - (oneRowDiscount * DiscountSeconds) + (contextReadRatio * ContextSeconds)))
        + (computeWatts * ComputeSeconds);

    /// <summary>The energy that the constants of a system predict (J).</summary>
    internal double Predict(PowerConstants power) =>
        Predict(power.ClockedWatts, power.MemoryWatts, power.OneRowDiscount, power.ContextReadRatio, power.ComputeWatts);

    /// <summary>Windows of a run between readings at least so far apart, as long as steps fill at least half of them.</summary>
    internal static IEnumerable<PowerFitWindow> Of(CalibrationRun run, double shortestSeconds)
    {
        WindowWork work = new(run);
        int next = 0;
        for (int index = 0; index < run.Energy.Count - 1;)
        {
            int end = index + 1;
            while (end < run.Energy.Count && run.Energy[end].Seconds - run.Energy[index].Seconds < shortestSeconds)
            {
                end++;
            }

            if (end >= run.Energy.Count)
            {
                yield break;
            }

            (double start, double first) = run.Energy[index];
            (double stop, double last) = run.Energy[end];
            while (next < run.Steps.Count && run.Steps[next].StartSeconds + run.Steps[next].Seconds <= start)
            {
                next++;
            }

            PowerFitWindow window = work.Of(next, start, stop, last - first);
            if (window.BusySeconds >= 0.5 * window.Seconds && window.Joules > 0)
            {
                yield return window;
            }

            index = end;
        }
    }

    /// <summary>Sums the work of steps that lie in a window, cut at its ends.</summary>
    private sealed class WindowWork(CalibrationRun run)
    {
        private readonly PowerConstants power = run.System.Gpu.Power;
        private readonly Func<MeasuredStep, StepCost> predict = run.Predictor();
        private readonly StepPhysics plain = new(With(run.System, discount: 0, contextRatio: 0));
        private readonly StepPhysics discounted = new(With(run.System, discount: 1, contextRatio: 0));
        private readonly StepPhysics whole = new(With(run.System, discount: 0, contextRatio: 1));

        internal PowerFitWindow Of(int firstStep, double start, double stop, double joules)
        {
            double busy = 0;
            double clocked = 0;
            double memory = 0;
            double discount = 0;
            double context = 0;
            double compute = 0;
            double sampling = 0;
            double ratio = 1;
            for (int index = firstStep; index < run.Steps.Count && run.Steps[index].StartSeconds < stop; index++)
            {
                MeasuredStep step = run.Steps[index];
                double inside = Math.Max(0, Math.Min(stop, step.StartSeconds + step.Seconds) - Math.Max(start, step.StartSeconds));
                double share = inside / step.Seconds;
                ratio = step.ClockRatio ?? predict(step).ClockRatio;
                PowerModel factors = PowerModel.At(UnitWatts, power.Voltage, ratio);
                PowerWork work = plain.WorkOf(step.Shape, ratio).Work;
                PowerWork least = discounted.WorkOf(step.Shape, ratio).Work;
                busy += inside;
                clocked += inside * factors.FloorWatts;
                memory += share * work.MemorySeconds * factors.MemoryWatts;
                discount += share * (work.MemorySeconds - least.MemorySeconds) * factors.MemoryWatts;
                context += share * (whole.WorkOf(step.Shape, ratio).Work.MemorySeconds - work.MemorySeconds) * factors.MemoryWatts;
                compute += share * work.ComputeSeconds * factors.ComputeWatts;
                sampling += share * work.SamplingSeconds * factors.SamplingWatts * power.SamplingWatts;
            }

            clocked += (stop - start - busy) * PowerModel.At(UnitWatts, power.Voltage, ratio).FloorWatts;
            int gpus = run.System.Gpus;
            return new PowerFitWindow(
                run.Name, start, stop - start, busy, joules, gpus * ((power.IdleWatts * (stop - start)) + sampling),
                gpus * clocked, gpus * memory, gpus * discount, gpus * context, gpus * compute);
        }

        /// <summary>Constants of one watt each, so that the power model gives the factors that clock and voltage put on them.</summary>
        private PowerConstants UnitWatts => power with { IdleWatts = 0, ClockedWatts = 1, MemoryWatts = 1, ComputeWatts = 1, SamplingWatts = 1 };

        private static SimulatedSystem With(SimulatedSystem system, double discount, double contextRatio) =>
            system with { Gpu = system.Gpu with { Power = system.Gpu.Power with { OneRowDiscount = discount, ContextReadRatio = contextRatio } } };
    }
}
