using GreenServe.Simulation.Validation;

namespace GreenServe.Simulation.Calibration.Observables;

/// <summary>Fits the time constants to TTFT, TBT and throughput by simulation.</summary>
internal static class ObservedTimeFit
{
    /// <summary>
    /// Largest number of fits. Each but the first weighs the metrics by what the one before it predicts, which says where TTFT is queueing.
    /// </summary>
    private const int MaxFits = 3;

    /// <summary>Change of the constants below which the fit has converged, in the same unit.</summary>
    private const double Converged = 0.005;

    /// <summary>
    /// Share of the cost by which a step must lower it for the fit to go on. Less is within the jumps of the simulated runs.
    /// </summary>
    private const double MinGainRatio = 0.001;

    /// <summary>Fits the constants.</summary>
    /// <param name="loads">The loads.</param>
    /// <param name="constants">The constants that are fitted.</param>
    /// <param name="values">The values found so far, of these and of the power constants.</param>
    internal static PartialFit Fit(
        IReadOnlyList<ObservedLoad> loads,
        IReadOnlyList<ScaledConstant> constants,
        IReadOnlyDictionary<CalibrationConstant, double> values)
    {
        double[] at = [.. constants.Select(item => item.Distance(values[item.Constant]))];
        FitSolution? solution = null;
        double[]? before = null;
        for (int fit = 0; fit < MaxFits; fit++)
        {
            Prediction[] predictions = ObservedLoad.Predict(loads, With(constants, solution?.Parameters ?? at, values));
            double[] weights = ObservedWeights.Of(loads, predictions, ObservedWeights.Times);
            if (before is not null && weights.SequenceEqual(before))
            {
                break;
            }

            before = weights;
            solution = LeastSquares.Fit(new FitProblem
            {
                Residuals = distances => Residuals(loads, With(constants, distances, values)),
                Start = new double[constants.Count],
                From = solution?.Parameters ?? at,
                Spread = [.. constants.Select(_ => 1.0)],
                Lower = [.. constants.Select(item => item.Lower)],
                Upper = [.. constants.Select(item => item.Upper)],
                Clusters = [.. loads.Index().SelectMany(load => ObservedWeights.Times.Select(_ => load.Index))],
                Weights = weights,
                MinErrorRatio = ObservedWeights.TbtNoiseRatio,
                Loss = RobustLoss.SoftL1,
                Difference = ScaledConstant.Difference,
                IsCentral = true,
                Converged = Converged,
                MinGainRatio = MinGainRatio,
            });
        }

        return PartialFit.Of(constants, solution!);
    }

    /// <summary>All constants with some at given distances from their values before.</summary>
    internal static Dictionary<CalibrationConstant, double> With(
        IReadOnlyList<ScaledConstant> constants,
        IReadOnlyList<double> distances,
        IReadOnlyDictionary<CalibrationConstant, double> values)
    {
        Dictionary<CalibrationConstant, double> changed = new(values);
        foreach ((ScaledConstant item, double distance) in constants.Zip(distances))
        {
            changed[item.Constant] = item.Value(distance);
        }

        return changed;
    }

    private static double[] Residuals(IReadOnlyList<ObservedLoad> loads, IReadOnlyDictionary<CalibrationConstant, double> values) =>
        [.. loads.Zip(ObservedLoad.Predict(loads, values))
            .SelectMany(pair => ObservedWeights.Times.Select(metric => pair.First.LogError(metric, pair.Second)))];
}
