namespace GreenServe.Simulation.Validation;

/// <summary>Errors of one metric over a group of points.</summary>
/// <param name="Group">The property that the points share, for example <c>source</c>.</param>
/// <param name="Name">The shared value of that property.</param>
/// <param name="Split"><c>calibration</c> if constants may have been fitted to the points, otherwise <c>validation</c>.</param>
/// <param name="Metric">The metric.</param>
/// <param name="Points">Number of points.</param>
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
    double MeanAbsoluteRatio,
    double BiasRatio,
    double AbsoluteRatioP90,
    double WorstRatio,
    string WorstId)
{
    /// <summary>Share of the points within <see cref="AbsoluteRatioP90"/>.</summary>
    private const double HighShare = 0.9;

    /// <summary>The errors of a metric over the points that can be compared in it; <c>null</c> if none can.</summary>
    /// <param name="group">The property that the points share.</param>
    /// <param name="name">The shared value of that property.</param>
    /// <param name="split"><c>calibration</c> or <c>validation</c>.</param>
    /// <param name="metric">The metric.</param>
    /// <param name="results">The points.</param>
    public static ErrorRow? Of(string group, string name, string split, PointMetric metric, IEnumerable<PointResult> results)
    {
        (double Error, string Id)[] errors =
            [.. results.Where(result => result.Compares(metric)).Select(result => (result.ErrorRatio(metric), result.Point.Id))];
        if (errors.Length == 0)
        {
            return null;
        }

        Array.Sort(errors, (left, right) => Math.Abs(left.Error).CompareTo(Math.Abs(right.Error)));
        int rank = (int)Math.Ceiling(HighShare * errors.Length);
        return new ErrorRow(
            group,
            name,
            split,
            metric,
            errors.Length,
            errors.Average(item => Math.Abs(item.Error)),
            errors.Average(item => item.Error),
            Math.Abs(errors[rank - 1].Error),
            errors[^1].Error,
            errors[^1].Id);
    }
}
