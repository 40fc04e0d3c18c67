using GreenServe.Simulation.Hardware;
using GreenServe.Simulation.Physics;

namespace GreenServe.Simulation.Calibration;

/// <summary>Fits the power constants to the energy of windows between meter readings, once the work in a window is known.</summary>
internal static class PowerFit
{
    /// <summary>Windows needed at least.</summary>
    internal const int MinWindows = 5;

    /// <summary>Shortest window (s): ten refreshes of a counter that refreshes every 100 ms.</summary>
    internal const double ShortestSeconds = 1;

    private const int MinClusters = 6;
    private const double MaxRatio = 3;
    private const double ToldDiscount = 0.1;
    private const double DiscountSpread = 0.3;

    private const double RatioSpread = 1;

    /// <summary>
    /// Most compute watts, as a multiple of the highest cap: a board that needed more could not hold half of its clock on large products.
    /// Without a bound the power of prompts, which the cap hides, runs off.
    /// </summary>
    private const double MaxComputeCaps = 2;

    private static readonly CalibrationConstant[] Constants =
    [
        CalibrationConstant.ClockedWatts, CalibrationConstant.MemoryWatts, CalibrationConstant.OneRowDiscount,
        CalibrationConstant.ContextReadRatio, CalibrationConstant.ComputeWatts,
    ];

    /// <summary>Fits the constants; nothing where no run was metered for long enough.</summary>
    /// <param name="runs">The runs with the constants before.</param>
    /// <param name="found">The same with what has been found so far: it says which clock the power cap leaves.</param>
    /// <param name="known">Constants that are known otherwise and not to be fitted.</param>
    internal static IReadOnlyList<FittedConstant> Fit(
        IReadOnlyList<CalibrationRun> runs, IReadOnlyList<CalibrationRun> found, IReadOnlyList<CalibrationConstant> known)
    {
        (PowerFitWindow Window, int Cluster)[] windows = [.. found.Index().SelectMany(item => Cut(item.Index, found.Count, [.. PowerFitWindow.Of(item.Item, ShortestSeconds)]))];
        if (windows.Length < MinWindows)
        {
            return [];
        }

        SimulatedSystem before = runs[0].System;
        Parameter[] parameters = [.. Constants.Except(known).Select(constant => ParameterOf(constant, before))];
        FitSolution solution = LeastSquares.Fit(new FitProblem
        {
            Residuals = values =>
            [
                .. windows.Select(item => Math.Log(item.Window.Predict(With(found[0].System, parameters, values)) / item.Window.Joules)),
            ],
            Start = [.. parameters.Select(parameter => parameter.Before / parameter.Unit)],
            Spread = [.. parameters.Select(parameter => parameter.Spread)],
            Lower = [.. parameters.Select(_ => 0.0)],
            Upper = [.. parameters.Select(parameter => parameter.Max / parameter.Unit)],
            Clusters = Number([.. windows.Select(item => item.Cluster)]),
        });
        return [.. parameters.Select((parameter, index) => parameter.Fitted(solution.Parameters[index], solution.HalfWidths[index]))];
    }

    private static PowerConstants With(SimulatedSystem system, Parameter[] parameters, double[] values) => SystemConstants
        .With(system, parameters.Zip(values).ToDictionary(item => item.First.Constant, item => item.Second * item.First.Unit)).Gpu.Power;

    /// <summary>Watts in units of what they were before; shares and ratios as they are.</summary>
    private static Parameter ParameterOf(CalibrationConstant constant, SimulatedSystem system)
    {
        double before = SystemConstants.Of(system, constant);
        return constant switch
        {
            CalibrationConstant.OneRowDiscount => new Parameter(constant, before, Unit: 1, DiscountSpread, Max: 1),
            CalibrationConstant.ContextReadRatio => new Parameter(constant, before, Unit: 1, RatioSpread, double.PositiveInfinity),
            CalibrationConstant.ComputeWatts => new Parameter(
                constant, before, Math.Max(1, before), Spread: 1, Math.Max(before, MaxComputeCaps * system.Gpu.PowerCap.HighestWatts)),
            _ => new Parameter(constant, before, Math.Max(1, before), Spread: 1, double.PositiveInfinity),
        };
    }

    /// <summary>Cuts the windows of a run into clusters: one where there are many runs, stretches of time where there are few.</summary>
    private static IEnumerable<(PowerFitWindow Window, int Cluster)> Cut(int run, int runs, PowerFitWindow[] windows)
    {
        int parts = (MinClusters + runs - 1) / runs;
        return windows.Select((window, index) => (window, (run * parts) + (index * parts / windows.Length)));
    }

    private static int[] Number(int[] clusters)
    {
        Dictionary<int, int> numbers = clusters.Distinct().Index().ToDictionary(item => item.Item, item => item.Index);
        return [.. clusters.Select(cluster => numbers[cluster])];
    }

    private sealed record Parameter(CalibrationConstant Constant, double Before, double Unit, double Spread, double Max)
    {
        internal FittedConstant Fitted(double parameter, double halfWidth)
        {
            double value = parameter * Unit;
            double half = halfWidth * Unit;
            (double low, double high) = (Math.Max(0, value - half), value + half);
            bool told = Constant == CalibrationConstant.OneRowDiscount ? half <= ToldDiscount : low > 0 && high / low <= MaxRatio;
            return new FittedConstant(Constant, value, low, high, Before, told);
        }
    }
}
