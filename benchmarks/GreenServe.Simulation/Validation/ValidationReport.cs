using GreenServe.Records;

namespace GreenServe.Simulation.Validation;

/// <summary>The simulator held against measured points: every point, and the errors by group.</summary>
/// <param name="Results">Every point, in the order of the files.</param>
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

    /// <summary>Simulates every point, on all processor cores; the result does not depend on how many there are.</summary>
    public static ValidationReport Of(IReadOnlyList<MeasuredPoint> points) => Of(points, new PointCatalog());

    /// <summary>The same with other constants than the catalogue's.</summary>
    internal static ValidationReport Of(IReadOnlyList<MeasuredPoint> points, PointCatalog catalogue)
    {
        PointResult[] results = new PointResult[points.Count];
        Parallel.For(0, points.Count, index => results[index] = Simulate(points[index], catalogue));
        return new ValidationReport(results);
    }

    /// <summary>Errors of each metric by split and by source, experiment, GPU, model and engine; groups in ordinal order.</summary>
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

    /// <summary>Why points were skipped, and how many for each reason; most first.</summary>
    public IReadOnlyList<(string Reason, int Points)> Skipped() =>
    [
        .. Results.Where(result => result.Skipped is not null)
            .GroupBy(result => result.Skipped!, StringComparer.Ordinal)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => (group.Key, group.Count())),
    ];

    private static PointResult Simulate(MeasuredPoint point, PointCatalog catalogue)
    {
        PointScenario? scenario = PointScenario.TryCreate(point, catalogue, out string? reason);
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

    /// <summary>A source without its version and licence.</summary>
    public static string SourceName(string source)
    {
        int cut = source.IndexOfAny(['@', '(']);
        return (cut < 0 ? source : source[..cut]).Trim();
    }
}
