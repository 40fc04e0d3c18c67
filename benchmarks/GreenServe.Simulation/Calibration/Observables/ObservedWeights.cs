using GreenServe.Simulation.Validation;

namespace GreenServe.Simulation.Calibration.Observables;

/// <summary>How much each metric of a load counts in a fit. All loads count the same, however many metrics they have.</summary>
/// <remarks>
/// A metric counts by the inverse square of its noise: laboratories that measure one configuration twice differ by 3 % in TBT, 6 % in
/// TTFT, 4.5 % in watts and 3.5 % in J/token (published points of the same configurations). Watts and J/token are two readings of one
/// meter, since J/token is watts over throughput, so that each counts half. Throughput follows from TTFT and TBT in a closed loop and is
/// the offered load in an open loop, so that it counts half too.
/// </remarks>
internal static class ObservedWeights
{
    /// <summary>Standard error of a measured TBT, as a share of it. The weights of other metrics are relative to that of TBT.</summary>
    internal const double TbtNoiseRatio = 0.03;

    /// <summary>Metrics that the time constants are fitted to.</summary>
    internal static readonly IReadOnlyList<PointMetric> Times = [PointMetric.Ttft, PointMetric.Tbt, PointMetric.Throughput];

    /// <summary>Metrics that the power constants are fitted to.</summary>
    internal static readonly IReadOnlyList<PointMetric> Powers = [PointMetric.Watts, PointMetric.JoulesPerToken];

    /// <summary>
    /// Sum of the weights of the metrics of a load that has all of them, so that weights do not change the scale of errors.
    /// </summary>
    private const double LoadWeight = 1.75;

    /// <summary>Standard error of a measured metric, as a share of it.</summary>
    internal static double NoiseRatio(PointMetric metric) => metric switch
    {
        PointMetric.Ttft => 0.06,
        PointMetric.Watts => 0.045,
        PointMetric.JoulesPerToken => 0.035,
        _ => TbtNoiseRatio,
    };

    /// <summary>
    /// Weights of some metrics of each load, load by load. A metric that was not measured has none, nor has a time to first token that is
    /// mostly queueing, since the length of a queue depends on how the load began.
    /// </summary>
    /// <param name="loads">The loads.</param>
    /// <param name="predictions">What is predicted for the loads with the constants found so far.</param>
    /// <param name="metrics">The metrics.</param>
    internal static double[] Of(
        IReadOnlyList<ObservedLoad> loads, IReadOnlyList<Prediction> predictions, IReadOnlyList<PointMetric> metrics) =>
        [.. loads.Zip(predictions).SelectMany(pair => OfLoad(pair.First, pair.Second, metrics))];

    private static double[] OfLoad(ObservedLoad load, Prediction prediction, IReadOnlyList<PointMetric> metrics)
    {
        PointResult result = new(load.Measured, null, prediction, null);
        double[] weights = [.. metrics.Select(metric => result.Compares(metric) ? Weight(metric) : 0)];
        double sum = weights.Sum();
        return sum > 0 ? [.. weights.Select(weight => weight * LoadWeight / sum)] : weights;
    }

    private static double Weight(PointMetric metric)
    {
        double ratio = TbtNoiseRatio / NoiseRatio(metric);
        return ratio * ratio * (metric is PointMetric.Ttft or PointMetric.Tbt ? 1 : 0.5);
    }
}
