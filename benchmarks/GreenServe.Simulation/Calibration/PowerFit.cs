using GreenServe.Simulation.Hardware;

namespace GreenServe.Simulation.Calibration;

/// <summary>Fits the power constants to the energy of windows between meter readings, once the work in a window is known.</summary>
internal static class PowerFit
{
    /// <summary>Windows needed at least.</summary>
    internal const int FewestWindows = 5;

    /// <summary>Shortest window (s): ten refreshes of a counter that refreshes every 100 ms.</summary>
    internal const double ShortestSeconds = 1;

    private const int FewestClusters = 6;
    private const double MostRatio = 3;
    private const double ToldDiscount = 0.1;
    private const double DiscountSpread = 0.3;

    private static readonly CalibrationConstant[] Constants =
    [
        CalibrationConstant.ClockedWatts, CalibrationConstant.MemoryWatts, CalibrationConstant.OneRowDiscount, CalibrationConstant.ComputeWatts,
    ];

    /// <summary>Fits the constants; nothing where no run was metered for long enough.</summary>
    /// <param name="runs">The runs with the constants before.</param>
    /// <param name="found">The same with what has been found so far: it says which clock the power cap leaves.</param>
    internal static IReadOnlyList<FittedConstant> Fit(IReadOnlyList<CalibrationRun> runs, IReadOnlyList<CalibrationRun> found)
    {
        (PowerWindow Window, int Cluster)[] windows = [.. found.Index().SelectMany(item => Cut(item.Index, found.Count, [.. PowerWindow.Of(item.Item, ShortestSeconds)]))];
        if (windows.Length < FewestWindows)
        {
            return [];
        }

        // Watts in units of what they were before; the discount as it is.
        PowerConstants power = runs[0].System.Gpu.Power;
        double[] units = [Math.Max(1, power.ClockedWatts), Math.Max(1, power.MemoryWatts), 1, Math.Max(1, power.ComputeWatts)];
        double[] before = [.. Constants.Select(constant => SystemConstants.Of(runs[0].System, constant))];
        FitSolution solution = LeastSquares.Fit(new FitProblem
        {
            Residuals = values =>
            [
                .. windows.Select(item => Math.Log(
                    item.Window.Predict(values[0] * units[0], values[1] * units[1], values[2], values[3] * units[3]) / item.Window.Joules)),
            ],
            Start = [.. before.Zip(units, (value, unit) => value / unit)],
            Spread = [1, 1, DiscountSpread, 1],
            Lower = [0, 0, 0, 0],
            Upper = [double.PositiveInfinity, double.PositiveInfinity, 1, double.PositiveInfinity],
            Clusters = Number([.. windows.Select(item => item.Cluster)]),
        });
        return [.. Constants.Select((constant, index) =>
        {
            double value = solution.Parameters[index] * units[index];
            double half = solution.HalfWidths[index] * units[index];
            (double low, double high) = (Math.Max(0, value - half), value + half);
            bool told = constant == CalibrationConstant.OneRowDiscount ? half <= ToldDiscount : low > 0 && high / low <= MostRatio;
            return new FittedConstant(constant, value, low, high, before[index], told);
        })];
    }

    /// <summary>Cuts the windows of a run into clusters: one where there are many runs, stretches of time where there are few.</summary>
    private static IEnumerable<(PowerWindow Window, int Cluster)> Cut(int run, int runs, PowerWindow[] windows)
    {
        int parts = (FewestClusters + runs - 1) / runs;
        return windows.Select((window, index) => (window, (run * parts) + (index * parts / windows.Length)));
    }

    private static int[] Number(int[] clusters)
    {
        Dictionary<int, int> numbers = clusters.Distinct().Index().ToDictionary(item => item.Item, item => item.Index);
        return [.. clusters.Select(cluster => numbers[cluster])];
    }
}
