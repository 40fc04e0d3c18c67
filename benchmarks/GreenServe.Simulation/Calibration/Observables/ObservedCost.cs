using GreenServe.Simulation.Validation;

namespace GreenServe.Simulation.Calibration.Observables;

/// <summary>
/// The cost that a fit lowers: weighted log errors with the robust loss (soft L1), and the distances of the constants from what was known.
/// </summary>
internal static class ObservedCost
{
    /// <summary>The cost of some predictions.</summary>
    /// <param name="loads">The loads.</param>
    /// <param name="predictions">What is predicted for them.</param>
    /// <param name="metrics">The metrics that count.</param>
    /// <param name="weights">Weights of the metrics, load by load.</param>
    /// <param name="distances">Distances of the constants from their values before.</param>
    internal static double Ratio(
        IReadOnlyList<ObservedLoad> loads,
        IReadOnlyList<Prediction> predictions,
        IReadOnlyList<PointMetric> metrics,
        IReadOnlyList<double> weights,
        IEnumerable<double> distances)
    {
        double sum = 0;
        for (int load = 0; load < loads.Count; load++)
        {
            for (int metric = 0; metric < metrics.Count; metric++)
            {
                double error = loads[load].LogError(metrics[metric], predictions[load]) / ObservedWeights.TbtNoiseRatio;
                sum += weights[(load * metrics.Count) + metric] * 2 * (Math.Sqrt(1 + (error * error)) - 1);
            }
        }

        return sum + distances.Sum(distance => distance * distance);
    }
}
