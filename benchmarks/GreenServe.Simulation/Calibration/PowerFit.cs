using GreenServe.Simulation.Hardware;
using GreenServe.Simulation.Physics;

namespace GreenServe.Simulation.Calibration;

/// <summary>Fits the power constants to the energy of windows between meter readings, whose work is known.</summary>
internal static class PowerFit
{
    /// <summary>Number of windows that a fit needs: as many as it has constants.</summary>
    internal const int MinWindows = 5;

    /// <summary>Shortest window, in seconds: ten refreshes of a counter that refreshes every 100 ms.</summary>
    internal const double ShortestSeconds = 1;

    /// <summary>Clusters of residuals that are wanted. Runs are cut into stretches of time where there are fewer runs.</summary>
    private const int MinClusters = 6;

    /// <summary>A constant counts as identified if the ends of its interval differ by at most this factor.</summary>
    private const double MaxRatio = 3;

    /// <summary>The one-row discount counts as identified if half of its interval is at most this much.</summary>
    private const double MaxDiscountHalfWidth = 0.1;

    /// <summary>Standard deviation of the one-row discount before the fit. It lies between 0 and 1.</summary>
    private const double DiscountSpread = 0.3;

    /// <summary>Standard deviation of the power of reading keys and values before the fit, relative to reading weights.</summary>
    private const double RatioSpread = 1;

    private static readonly CalibrationConstant[] Constants =
    [
        CalibrationConstant.ClockedWatts, CalibrationConstant.MemoryWatts, CalibrationConstant.OneRowDiscount,
        CalibrationConstant.ContextReadRatio, CalibrationConstant.ComputeWatts,
    ];

    /// <summary>Fits the constants. The result is empty where no run was metered for long enough.</summary>
    /// <param name="runs">The runs with the constants before the fit.</param>
    /// <param name="found">The runs with the constants found so far, which predict the clock under the power cap.</param>
    /// <param name="known">Constants that are known from elsewhere and are not fitted.</param>
    internal static IReadOnlyList<FittedConstant> Fit(
        IReadOnlyList<CalibrationRun> runs, IReadOnlyList<CalibrationRun> found, IReadOnlyList<CalibrationConstant> known)
    {
        (PowerFitWindow Window, int Cluster)[] windows =
        [
            .. found.Index().SelectMany(item => Cut(item.Index, found.Count, [.. PowerFitWindow.Of(item.Item, ShortestSeconds)])),
        ];
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
                .. windows.Select(item => Math.Log(
                    item.Window.PredictedJoules(With(found[0].System, parameters, values)) / item.Window.Joules)),
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

    /// <summary>A constant as a parameter of the fit: watts in units of their value before the fit, shares and ratios unchanged.</summary>
    private static Parameter ParameterOf(CalibrationConstant constant, SimulatedSystem system)
    {
        double before = SystemConstants.Of(system, constant);
        double max = SystemConstants.Row(constant).Max(system);
        return constant switch
        {
            CalibrationConstant.OneRowDiscount => new Parameter(constant, before, Unit: 1, DiscountSpread, max),
            CalibrationConstant.ContextReadRatio => new Parameter(constant, before, Unit: 1, RatioSpread, max),
            _ => new Parameter(constant, before, Math.Max(1, before), Spread: 1, max),
        };
    }

    /// <summary>
    /// Assigns the windows of a run to clusters: one cluster where there are many runs, stretches of time where there are few.
    /// </summary>
    private static IEnumerable<(PowerFitWindow Window, int Cluster)> Cut(int run, int runs, PowerFitWindow[] windows)
    {
        int parts = (MinClusters + runs - 1) / runs;
        return windows.Select((window, index) => (window, (run * parts) + (index * parts / windows.Length)));
    }

    /// <summary>Numbers the clusters that occur from 0, without gaps.</summary>
    private static int[] Number(int[] clusters)
    {
        Dictionary<int, int> numbers = clusters.Distinct().Index().ToDictionary(item => item.Item, item => item.Index);
        return [.. clusters.Select(cluster => numbers[cluster])];
    }

    /// <summary>A constant as a parameter of the fit, in units of <paramref name="Unit"/>.</summary>
    private sealed record Parameter(CalibrationConstant Constant, double Before, double Unit, double Spread, double Max)
    {
        internal FittedConstant Fitted(double parameter, double halfWidth)
        {
            double value = parameter * Unit;
            double half = halfWidth * Unit;
            (double low, double high) = (Math.Max(0, value - half), value + half);
            bool isIdentified = Constant == CalibrationConstant.OneRowDiscount
                ? half <= MaxDiscountHalfWidth
                : low > 0 && high / low <= MaxRatio;
            return new FittedConstant(Constant, value, low, high, Before, isIdentified);
        }
    }
}
