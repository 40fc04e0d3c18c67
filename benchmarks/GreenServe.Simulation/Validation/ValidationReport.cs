using System.Globalization;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Simulation.Hardware;

namespace GreenServe.Simulation.Validation;

/// <summary>The comparison of the simulator with measured points: every point, and the errors by group.</summary>
/// <param name="Results">Every point with its prediction, in the order of the files.</param>
public sealed record ValidationReport(IReadOnlyList<PointResult> Results)
{
    /// <summary>Number of points, or of texts, that a sentence names.</summary>
    private const int MaxNamed = 5;

    private static readonly (string Group, Func<MeasuredPoint, string?, string?> Key)[] Groups =
    [
        ("all", (_, _) => "all points"),
        ("source", (point, _) => SourceName(point.Source)),
        ("experiment", (point, _) => point.Experiment),
        ("engine", (_, engine) => engine),
        ("gpu", (point, _) => GpuCatalog.TryFind(point.Gpu)?.Name ?? point.Gpu),
        ("precision", (point, _) => PointCatalog.PrecisionOf(point) is { } precision ? EnumText.Of(precision) : point.Precision),
        ("tensor_parallelism", (point, _) => (point.TensorParallelism ?? 1).ToString(CultureInfo.InvariantCulture)),
        ("batch", (point, _) => BatchRange.Of(point)),
        ("model", (point, _) => point.Model),
    ];

    /// <summary>
    /// Further measurements of configurations, which are not simulated: from them and from <see cref="Results"/> follows how far repeated
    /// measurements lie apart.
    /// </summary>
    /// <value>Default: none.</value>
    public IReadOnlyList<MeasuredPoint> Repeats { get; init; } = [];

    /// <summary>What a reader must know of the points and of their simulation, one sentence each.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Simulates every point on all processor cores. The result does not depend on the number of cores.</summary>
    /// <param name="points">The points.</param>
    /// <param name="stated">What the user states in place of what the points name; <c>null</c> for nothing.</param>
    /// <exception cref="InvalidInputException">There is no accelerator or engine profile of a name that is stated.</exception>
    public static ValidationReport Of(IReadOnlyList<MeasuredPoint> points, StatedSystem? stated = null)
    {
        stated ??= new StatedSystem();
        PointCatalog catalog = PointCatalog.With(stated);
        string[] words = [.. points.Select(point => point.WordsForNumbers).Where(text => text.Length > 0)];
        string?[] notes =
        [
            points.Count > 0 ? StatedInWords(stated) : null,
            words.Length > 0
                ? $"Points with a length in words, which is taken as not reported: {words.Length} ({NamesOf([.. words.Distinct()])})."
                : null,
        ];
        return Of([.. points.Select(catalog.Stated)], catalog) with { Notes = [.. notes.OfType<string>()] };
    }

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
    /// Errors of each metric by split and over all points, and by source, experiment, engine, GPU, precision, tensor parallelism, batch and
    /// model. Each stands beside how far repeated measurements of its group lie apart. Values of a group are in order: numbers by their
    /// size, names ordinally.
    /// </summary>
    public IReadOnlyList<ErrorRow> Errors() => [.. Groups.SelectMany(grouping => ErrorsOf(grouping.Group, grouping.Key))];

    private IEnumerable<ErrorRow> ErrorsOf(string property, Func<MeasuredPoint, string?, string?> key)
    {
        ILookup<string?, MeasuredPoint> measured = Results.ToLookup(result => key(result.Point, result.Engine), result => result.Point);
        ILookup<string?, MeasuredPoint> repeats = Repeats.ToLookup(point => key(point, null));
        Dictionary<(string, PointMetric), RepeatNoise?> noise = [];
        return from members in Results.Where(result => result.Prediction is not null && key(result.Point, result.Engine) is not null)
                   .GroupBy(result => (Name: key(result.Point, result.Engine)!, Split: SplitOf(result.Point)))
                   .OrderBy(members => members.Key.Split, StringComparer.Ordinal)
                   .ThenBy(members => BatchRange.SortKey(members.Key.Name), StringComparer.Ordinal)
               from metric in Enum.GetValues<PointMetric>()
               let row = ErrorRow.Of(property, members.Key.Name, members.Key.Split, metric, members)
               where row is not null
               select row with { Noise = NoiseOf(members.Key.Name, metric) };

        RepeatNoise? NoiseOf(string name, PointMetric metric)
        {
            if (!noise.TryGetValue((name, metric), out RepeatNoise? known))
            {
                noise[(name, metric)] = known = RepeatNoise.Of(metric, measured[name], repeats[name]);
            }

            return known;
        }
    }

    private static string SplitOf(MeasuredPoint point) => point.IsForCalibration ? "calibration" : "validation";

    /// <summary>
    /// The reasons why points were skipped, with the number of points for each and the names of the first of them, in descending order of
    /// the number.
    /// </summary>
    public IReadOnlyList<(string Reason, int Points, string Names)> Skipped() =>
    [
        .. Results.Where(result => result.Skipped is not null)
            .GroupBy(result => result.Skipped!, StringComparer.Ordinal)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => (group.Key, group.Count(), NamesOf([.. group.Select(result => result.Point.Id)]))),
    ];

    /// <summary>What the user states in place of what points name; <c>null</c> for nothing.</summary>
    private static string? StatedInWords(StatedSystem stated)
    {
        string text = string.Join(", ", new[] { ("engine", stated.Engine), ("accelerator", stated.Gpu), ("model", stated.Model) }
            .Where(item => item.Item2 is not null).Select(item => $"{item.Item1} {item.Item2}"));
        return text.Length > 0 ? $"Stated in place of what the points of files name: {text}." : null;
    }

    private static string NamesOf(string[] names) =>
        string.Join(", ", names.Take(MaxNamed)) + (names.Length > MaxNamed ? ", .." : "");

    private static PointResult Simulate(MeasuredPoint point, PointCatalog catalog)
    {
        try
        {
            PointScenario? scenario = PointScenario.TryCreate(point, catalog, out string? reason);
            return scenario is null
                ? new PointResult(point, null, null, reason)
                : new PointResult(point, scenario.System.Engine.Name, PointPredictor.Predict(scenario), null)
                {
                    Setting = SimulatedSetting.Of(scenario.System, RequestsOf(scenario)),
                };
        }
        catch (InvalidInputException exception)
        {
            return new PointResult(point, null, null, exception.Problems[0].ToString());
        }
    }

    /// <summary>Requests at once of a scenario, of which no more run than the engine holds.</summary>
    private static double RequestsOf(PointScenario scenario)
    {
        double tokens = scenario.Schedule.Requests.Average(request => (double)request.InputTokens + request.OutputTokens);
        double held = Math.Min(scenario.System.MaxSequences, Math.Max(1, scenario.System.Limits.CapacityTokens / tokens));
        return Math.Min(held, scenario.Load.Requests ?? scenario.Schedule.Concurrency ?? held);
    }

    /// <summary>The name of a source without its version and licence.</summary>
    /// <param name="source">The source as in the file.</param>
    public static string SourceName(string source)
    {
        int cut = source.IndexOfAny(['@', '(']);
        return (cut < 0 ? source : source[..cut]).Trim();
    }
}
