namespace GreenServe.Simulation.Validation;

/// <summary>Errors of one metric over a group of points.</summary>
/// <param name="Group">The property that the points share, for example <c>source</c>.</param>
/// <param name="Name">The shared value of that property.</param>
/// <param name="Split"><c>calibration</c> if constants may have been fitted to the points, otherwise <c>validation</c>.</param>
/// <param name="Metric">The metric.</param>
/// <param name="Points">Number of points.</param>
/// <param name="Configurations">
/// Number of configurations. Each weighs the same in the errors, however often it was measured: repeats are no further evidence.
/// </param>
/// <param name="MeanAbsoluteRatio">Mean absolute relative error (0.1 = 10 %).</param>
/// <param name="BiasRatio">Mean relative error; positive where the simulator predicts too much.</param>
/// <param name="AbsoluteRatioP90">90th percentile of the absolute relative error (nearest rank).</param>
/// <param name="WorstRatio">Relative error of the point with the largest absolute error.</param>
/// <param name="WorstId">Identifier of that point.</param>
public sealed record ErrorRow(
    string Group,
    string Name,
    string Split,
    PointMetric Metric,
    int Points,
    int Configurations,
    double MeanAbsoluteRatio,
    double BiasRatio,
    double AbsoluteRatioP90,
    double WorstRatio,
    string WorstId)
{
    /// <summary>
    /// How far repeated measurements of the group lie apart, whatever their split; <c>null</c> where nothing was repeated.
    /// </summary>
    public RepeatNoise? Noise { get; init; }

    /// <summary>Share of the configurations within <see cref="AbsoluteRatioP90"/>.</summary>
    private const double HighShare = 0.9;

    /// <summary>What a sum of weights may fall short of a whole number by.</summary>
    private const double Rounding = 1e-9;

    /// <summary>The errors of a metric over the points that can be compared in it; <c>null</c> if none can.</summary>
    /// <param name="group">The property that the points share.</param>
    /// <param name="name">The shared value of that property.</param>
    /// <param name="split"><c>calibration</c> or <c>validation</c>.</param>
    /// <param name="metric">The metric.</param>
    /// <param name="results">The points.</param>
    public static ErrorRow? Of(string group, string name, string split, PointMetric metric, IEnumerable<PointResult> results)
    {
        IReadOnlyList<PointResult>[] configurations =
            [.. ConfigurationGroups.Of(results.Where(result => result.Compares(metric)), result => result.Point)];
        if (configurations.Length == 0)
        {
            return null;
        }

        (double Error, double Weight, string Id)[] errors =
        [
            .. configurations
                .SelectMany(points => points.Select(result => (result.ErrorRatio(metric), 1.0 / points.Count, result.Point.Id)))
                .OrderBy(item => Math.Abs(item.Item1)),
        ];
        return new ErrorRow(
            group,
            name,
            split,
            metric,
            errors.Length,
            configurations.Length,
            errors.Sum(item => item.Weight * Math.Abs(item.Error)) / configurations.Length,
            errors.Sum(item => item.Weight * item.Error) / configurations.Length,
            Math.Abs(ErrorAt(HighShare * configurations.Length, errors)),
            errors[^1].Error,
            errors[^1].Id);
    }

    /// <summary>The first error, in ascending order, up to which the weights reach a sum.</summary>
    private static double ErrorAt(double weight, (double Error, double Weight, string Id)[] errors)
    {
        double sum = 0;
        foreach ((double error, double own, _) in errors)
        {
            sum += own;
            if (sum >= weight - Rounding)
            {
                return error;
            }
        }

        return errors[^1].Error;
    }
}
