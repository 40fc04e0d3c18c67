using GreenServe.Records;

namespace GreenServe.Simulation.Validation;

/// <summary>The comparison of the simulator with measured points: every point, and the errors by group.</summary>
/// <param name="Results">Every point with its prediction, in the order of the files.</param>
public sealed record ValidationReport(IReadOnlyList<PointResult> Results)
{
    private static readonly (string Group, Func<PointResult, string?> Key)[] Groups =
    [
        ("all", _ => "all points"),
        ("source", result => SourceName(result.Point.Source)),
        ("experiment", result => result.Point.Experiment),
        ("gpu", result => result.Point.Gpu),
        ("model", result => result.Point.Model),
        ("engine", result => result.Engine!),
    ];

    /// <summary>Simulates every point on all processor cores. The result does not depend on the number of cores.</summary>
    /// <param name="points">The points.</param>
    public static ValidationReport Of(IReadOnlyList<MeasuredPoint> points) => Of(points, new PointCatalog());

    /// <summary>Simulates every point with definitions that replace those of the catalog.</summary>
    /// <param name="points">The points.</param>
    /// <param name="catalog">Finds the definitions that a point refers to.</param>
    internal static ValidationReport Of(IReadOnlyList<MeasuredPoint> points, PointCatalog catalog)
    {
        PointResult[] results = new PointResult[points.Count];
        Parallel.For(0, points.Count, index => results[index] = Simulate(points[index], catalog));
        return new ValidationReport(results);
    }

    /// <summary>
    /// Errors of each metric by split and over all points, and by source, experiment, GPU, model and engine. Values of a group are in
    /// ordinal order.
    /// </summary>
    public IReadOnlyList<ErrorRow> Errors() =>
    [
        .. from grouping in Groups
           from members in Results.Where(result => result.Prediction is not null && grouping.Key(result) is not null)
               .GroupBy(result => (Name: grouping.Key(result)!, Split: result.Point.IsForCalibration ? "calibration" : "validation"))
               .OrderBy(members => members.Key.Split, StringComparer.Ordinal).ThenBy(members => members.Key.Name, StringComparer.Ordinal)
           from metric in Enum.GetValues<PointMetric>()
           let row = ErrorRow.Of(grouping.Group, members.Key.Name, members.Key.Split, metric, members)
           where row is not null
           select row,
    ];

    /// <summary>The reasons why points were skipped and the number of points for each, in descending order of the number.</summary>
    public IReadOnlyList<(string Reason, int Points)> Skipped() =>
    [
        .. Results.Where(result => result.Skipped is not null)
            .GroupBy(result => result.Skipped!, StringComparer.Ordinal)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => (group.Key, group.Count())),
    ];

    private static PointResult Simulate(MeasuredPoint point, PointCatalog catalog)
    {
        PointScenario? scenario = PointScenario.TryCreate(point, catalog, out string? reason);
        try
        {
            return scenario is null
                ? new PointResult(point, null, null, reason)
                : new PointResult(point, scenario.System.Engine.Name, PointPredictor.Predict(scenario), null);
        }
        catch (InvalidInputException exception)
        {
            return new PointResult(point, null, null, exception.Problems[0].ToString());
        }
    }

    /// <summary>The name of a source without its version and licence.</summary>
    /// <param name="source">The source as in the file.</param>
    public static string SourceName(string source)
    {
        int cut = source.IndexOfAny(['@', '(']);
        return (cut < 0 ? source : source[..cut]).Trim();
    }
}
