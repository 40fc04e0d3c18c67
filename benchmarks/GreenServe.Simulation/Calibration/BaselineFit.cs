using GreenServe.Records.Measurements;
using GreenServe.Simulation.Physics;
using MathNet.Numerics.Statistics;

namespace GreenServe.Simulation.Calibration;

/// <summary>Power without load, read from the baselines that runs measured before they began. It needs no fit.</summary>
internal static class BaselineFit
{
    /// <summary>The idle and clocked watts; empty where no metered run has both baselines at the highest clock.</summary>
    /// <remarks>The interval spans all runs, since accelerators of one kind differ by more than the error of a baseline.</remarks>
    internal static IReadOnlyList<FittedConstant> Fit(IReadOnlyList<CalibrationRun> runs)
    {
        (double Idle, double Clocked)[] found =
        [
            .. runs.Where(run => run.Energy.Count > 0 && run.System.Knobs.GpuClockMegahertz is null)
                .SelectMany(run => PerAccelerator(run.Baselines, run.System.Gpus)),
        ];
        if (found.Length == 0)
        {
            return [];
        }

        return
        [
            Of(CalibrationConstant.IdleWatts, runs[0].System, [.. found.Select(item => item.Idle)]),
            Of(CalibrationConstant.ClockedWatts, runs[0].System, [.. found.Select(item => item.Clocked)]),
        ];
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
