namespace GreenServe.Simulation.Validation;

/// <summary>How far repeated measurements of one configuration by one laboratory lie apart: no model can come closer than that.</summary>
/// <param name="MeanAbsoluteLogRatio">
/// Mean absolute difference of the natural logarithm of a measurement from the mean over its configuration, corrected for the number of
/// repeats: 0.03 is about 3 %. It is what a model that knows the true values would be off by.
/// </param>
/// <param name="Configurations">Number of configurations that were measured more than once.</param>
/// <param name="Pairs">Number of pairs of measurements of one configuration.</param>
public sealed record RepeatNoise(double MeanAbsoluteLogRatio, int Configurations, int Pairs)
{
    /// <summary>The noise of a metric; <c>null</c> where no configuration has two measurements of it.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="sets">
    /// Sets of points. Points of different sets are no repeats of each other, so that a published mean is not held against the measurements
    /// that it was made from.
    /// </param>
    /// <remarks>
    /// Of n measurements each lies closer to their own mean than to the true value, by the factor sqrt((n - 1) / n); the differences are
    /// divided by it. Every configuration weighs the same.
    /// </remarks>
    public static RepeatNoise? Of(PointMetric metric, params IReadOnlyList<IEnumerable<MeasuredPoint>> sets)
    {
        double[][] repeats =
        [
            .. sets.SelectMany(points => ConfigurationGroups.Of(points.Where(point => point.Value(metric) is > 0), point => point))
                .Where(group => group.Count > 1)
                .Select(group => group.Select(point => Math.Log(point.Value(metric)!.Value)).ToArray()),
        ];
        return repeats.Length == 0
            ? null
            : new RepeatNoise(
                repeats.Average(MeanDifference), repeats.Length, repeats.Sum(values => values.Length * (values.Length - 1) / 2));
    }

    private static double MeanDifference(double[] logarithms)
    {
        double mean = logarithms.Average();
        double correction = Math.Sqrt((double)logarithms.Length / (logarithms.Length - 1));
        return correction * logarithms.Average(value => Math.Abs(value - mean));
    }
}
