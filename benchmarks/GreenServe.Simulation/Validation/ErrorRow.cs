namespace GreenServe.Simulation.Validation;

/// <summary>Errors of one metric over a group of points.</summary>
/// <param name="Group">What the points have in common, for example <c>source</c>.</param>
/// <param name="Name">Their common value.</param>
/// <param name="Split">Calibration or validation.</param>
/// <param name="Metric">The metric.</param>
/// <param name="Points">How many.</param>
/// <param name="MeanAbsolute">Mean absolute relative error (0.1 = 10 %).</param>
/// <param name="Bias">Mean relative error; positive where the simulator says too much.</param>
/// <param name="P90Absolute">90th percentile of the absolute relative error (nearest rank).</param>
/// <param name="Worst">The relative error of the worst point.</param>
/// <param name="WorstId">Its identifier.</param>
public sealed record ErrorRow(
    string Group, string Name, string Split, PointMetric Metric, int Points, double MeanAbsolute, double Bias, double P90Absolute, double Worst, string WorstId)
{
    /// <summary>The errors of a metric over points that compare in it; <c>null</c> for none.</summary>
    public static ErrorRow? Of(string group, string name, string split, PointMetric metric, IEnumerable<PointResult> results)
    {
        (double Error, string Id)[] errors =
            [.. results.Where(result => result.Compares(metric)).Select(result => (result.Error(metric), result.Point.Id))];
        if (errors.Length == 0)
        {
            return null;
        }

        Array.Sort(errors, (left, right) => Math.Abs(left.Error).CompareTo(Math.Abs(right.Error)));
        int rank = (int)Math.Ceiling(0.9 * errors.Length);
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
