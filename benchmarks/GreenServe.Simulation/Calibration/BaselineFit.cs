using GreenServe.Records.Measurements;
using GreenServe.Simulation.Physics;
using MathNet.Numerics.Statistics;

namespace GreenServe.Simulation.Calibration;

/// <summary>Power without load, read from the baselines that runs measured before they began. It needs no fit.</summary>
internal static class BaselineFit
{
    /// <summary>The idle and clocked watts; empty where no metered run has both baselines at the highest clock.</summary>
    internal static IReadOnlyList<FittedConstant> Fit(IReadOnlyList<CalibrationRun> runs) =>
        Fit([.. runs.Where(run => run.Energy.Count > 0).Select(run => (run.System, run.Baselines))]);

    /// <summary>
    /// The idle and clocked watts from the baselines of metered runs at the highest clock. Where no run has an idle baseline, the idle
    /// watts stay as they are and the loaded-idle baseline gives the clocked watts. Empty where no run has a baseline.
    /// </summary>
    /// <remarks>The interval spans all runs, since accelerators of one kind differ by more than the error of a baseline.</remarks>
    internal static IReadOnlyList<FittedConstant> Fit(IReadOnlyList<(SimulatedSystem System, Baselines? Baselines)> metered)
    {
        (SimulatedSystem System, Baselines? Baselines)[] usable =
            [.. metered.Where(run => run.System.Knobs.GpuClockMegahertz is null)];
        (double Idle, double Clocked)[] found = [.. usable.SelectMany(run => PerAccelerator(run.Baselines, run.System.Gpus))];
        if (found.Length > 0)
        {
            return
            [
                Of(CalibrationConstant.IdleWatts, usable[0].System, [.. found.Select(item => item.Idle)]),
                Of(CalibrationConstant.ClockedWatts, usable[0].System, [.. found.Select(item => item.Clocked)]),
            ];
        }

        double[] loaded =
        [
            .. from run in usable
               let loadedIdle = run.Baselines?.LoadedIdleWatts ?? 0
               let clocked = (loadedIdle / run.System.Gpus) - run.System.Gpu.Power.IdleWatts
               where clocked > 0
               select clocked,
        ];
        return loaded.Length == 0 ? [] : [Of(CalibrationConstant.ClockedWatts, usable[0].System, loaded)];
    }

    private static IEnumerable<(double Idle, double Clocked)> PerAccelerator(Baselines? baselines, int gpus)
    {
        if (baselines is { IdleWatts: > 0 and var idle, LoadedIdleWatts: { } loaded } && loaded >= idle)
        {
            yield return (idle / gpus, (loaded - idle) / gpus);
        }
    }

    private static FittedConstant Of(CalibrationConstant constant, SimulatedSystem system, double[] values) =>
        new(constant, values.Mean(), values.Min(), values.Max(), SystemConstants.Of(system, constant), IsIdentified: true);
}
