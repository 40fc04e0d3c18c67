namespace GreenServe.Simulation.Validation;

/// <summary>Finds the points that measured one configuration more than once, so that each configuration counts once.</summary>
internal static class ConfigurationGroups
{
    /// <summary>
    /// Largest ratio of the mean output lengths of two measurements of one configuration. Where a model ends its own answers their mean
    /// length differs from run to run.
    /// </summary>
    private const double MaxOutputRatio = 1.01;

    /// <summary>
    /// The points of each configuration, in the order of the first point of each. A configuration is one laboratory, system, load and
    /// length of requests; repetitions of a run record are one configuration.
    /// </summary>
    /// <typeparam name="T">What holds a point.</typeparam>
    /// <param name="items">The points, in order.</param>
    /// <param name="pointOf">Gives the point of an item.</param>
    internal static IEnumerable<IReadOnlyList<T>> Of<T>(IEnumerable<T> items, Func<T, MeasuredPoint> pointOf) => items
        .GroupBy(item => KeyOf(pointOf(item)))
        .SelectMany(group => OfEqualOutputs([.. group], pointOf));

    private static IEnumerable<IReadOnlyList<T>> OfEqualOutputs<T>(T[] items, Func<T, MeasuredPoint> pointOf)
    {
        if (items.Length == 1)
        {
            yield return items;
            yield break;
        }

        List<T> group = [];
        foreach (T item in items.OrderBy(item => pointOf(item).OutputTokens ?? 0))
        {
            if (group.Count > 0 && (pointOf(item).OutputTokens ?? 0) > MaxOutputRatio * (pointOf(group[^1]).OutputTokens ?? 0))
            {
                yield return group;
                group = [];
            }

            group.Add(item);
        }

        yield return group;
    }

    /// <summary>
    /// What two measurements of one configuration have in common, besides their output lengths. A point that does not say what was run is
    /// like no other point.
    /// </summary>
    private static object KeyOf(MeasuredPoint point) => point switch
    {
        { RepetitionOf: { } run } => (point.Source, point.Experiment, point.Gpu, point.Model, point.Stack, run),
        { Load: null } or { OutputTokens: null } => (point.Id, point.Source, point.Line),
        _ => (
            ValidationReport.SourceName(point.Source), point.Gpu, point.Model, point.Precision, point.TensorParallelism,
            point.Load, point.InputTokens, point.ClockMegahertz, point.Stack),
    };
}
