using GreenServe.Simulation.Hardware;
using GreenServe.Simulation.Physics;

namespace GreenServe.Simulation.Calibration;

/// <summary>A stretch of time between two meter readings, with its measured energy and the work of its steps.</summary>
/// <param name="Run">Name of the run.</param>
/// <param name="StartSeconds">Start of the window, in seconds from the start of the run.</param>
/// <param name="Seconds">Length of the window, in seconds.</param>
/// <param name="BusySeconds">Time in the window that steps fill, in seconds.</param>
/// <param name="Joules">Measured energy of all accelerators, in joules.</param>
/// <param name="FixedJoules">
/// Energy that the fit does not change, in joules: idle power, and busy power and sampling by the constants before the fit.
/// </param>
/// <param name="ClockedSeconds">Factor of the clocked watts, in seconds.</param>
/// <param name="MemorySeconds">Factor of the memory watts for weights without a discount, in seconds.</param>
/// <param name="DiscountSeconds">Reduction of the previous factor by a full one-row discount, in seconds.</param>
/// <param name="ContextSeconds">Factor of the memory watts and of the ratio of reading keys and values, in seconds.</param>
/// <param name="ComputeSeconds">Factor of the compute watts, in seconds.</param>
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
    /// <summary>Share of a window that steps must fill. An emptier window says little about the work of steps.</summary>
    private const double MinBusyShare = 0.5;

    /// <summary>The energy that power constants predict, in joules.</summary>
    internal double PredictedJoules(PowerConstants power) =>
        FixedJoules + (power.ClockedWatts * ClockedSeconds)
        + (power.MemoryWatts * (MemorySeconds - (power.OneRowDiscountRatio * DiscountSeconds) + (power.ContextReadRatio * ContextSeconds)))
        + (power.ComputeWatts * ComputeSeconds);

    /// <summary>The windows of a run between readings that are far enough apart, without those that steps hardly fill.</summary>
    /// <param name="run">The run.</param>
    /// <param name="shortestSeconds">Length of the shortest window, in seconds.</param>
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
            if (window.BusySeconds >= MinBusyShare * window.Seconds && window.Joules > 0)
            {
                yield return window;
            }

            index = end;
        }
    }

    /// <summary>Sums the work of the steps in a window. Steps that cross an end of it count in part.</summary>
    private sealed class WindowWork(CalibrationRun run)
    {
        private readonly PowerConstants power = run.System.Gpu.Power;
        private readonly Func<MeasuredStep, StepCost> predict = run.Predictor();
        private readonly StepPhysics plain = new(With(run.System, discount: 0, contextRatio: 0));
        private readonly StepPhysics discounted = new(With(run.System, discount: 1, contextRatio: 0));
        private readonly StepPhysics whole = new(With(run.System, discount: 0, contextRatio: 1));

        internal PowerFitWindow Of(int firstStep, double startSeconds, double stopSeconds, double joules)
        {
            double busy = 0;
            double clocked = 0;
            double memory = 0;
            double discount = 0;
            double context = 0;
            double compute = 0;
            double kept = 0;
            double ratio = 1;
            for (int index = firstStep; index < run.Steps.Count && run.Steps[index].StartSeconds < stopSeconds; index++)
            {
                MeasuredStep step = run.Steps[index];
                double inside = Math.Max(
                    0, Math.Min(stopSeconds, step.StartSeconds + step.Seconds) - Math.Max(startSeconds, step.StartSeconds));
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
                kept += (share * work.SamplingSeconds * factors.SamplingWatts * power.SamplingWatts)
                    + (inside * factors.FloorWatts * power.BusyWatts);
            }

            clocked += (stopSeconds - startSeconds - busy) * PowerModel.At(UnitWatts, power.Voltage, ratio).FloorWatts;
            int gpus = run.System.Gpus;
            return new PowerFitWindow(
                run.Name,
                startSeconds,
                stopSeconds - startSeconds,
                busy,
                joules,
                FixedJoules: gpus * ((power.IdleWatts * (stopSeconds - startSeconds)) + kept),
                ClockedSeconds: gpus * clocked,
                MemorySeconds: gpus * memory,
                DiscountSeconds: gpus * discount,
                ContextSeconds: gpus * context,
                ComputeSeconds: gpus * compute);
        }

        /// <summary>Constants of one watt each, so that the power model gives the factors by which clock and voltage scale them.</summary>
        private PowerConstants UnitWatts => power with
        {
            IdleWatts = 0,
            ClockedWatts = 1,
            BusyWatts = 0,
            MemoryWatts = 1,
            ComputeWatts = 1,
            SamplingWatts = 1,
        };

        private static SimulatedSystem With(SimulatedSystem system, double discount, double contextRatio)
        {
            PowerConstants changed = system.Gpu.Power with { OneRowDiscountRatio = discount, ContextReadRatio = contextRatio };
            return system with { Gpu = system.Gpu with { Power = changed } };
        }
    }
}
