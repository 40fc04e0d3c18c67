using System.Text.Json;
using GreenServe.Analysis.Tables;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Analysis.Grids;

/// <summary>
/// The table of an experiment: one row for each place in its grid and evidence kind, with mean and interval of every metric.
/// </summary>
/// <remarks>
/// The unit is the repetition: the interval is Student's t at 95 % between runs, absent below two. Invalid runs enter no mean, and the
/// column <c>invalid</c> says why. The column <c>not_measured</c> lists the metrics without a number and why. Metrics that meters state an
/// error bound for also carry <c>_error</c>, the largest error bound of the measurement itself, which repetition does not lower, and
/// <c>_uncertainty</c>, that bound and half the interval combined in quadrature. Simulated means whose errors were compared with
/// measurements carry <c>_band_low</c> and <c>_band_high</c>, the 80 % band in which a measurement lies, and the column <c>extrapolated</c>
/// says why a row lies outside of what was compared.
/// </remarks>
internal static class GridTable
{
    /// <summary>Builds the table of runs that belong to one artifact.</summary>
    /// <param name="name">Name of the table.</param>
    /// <param name="runs">
    /// The runs; at least one. Experiments may differ in their axes: what an experiment does not vary is read from its runs where they
    /// say it.
    /// </param>
    /// <param name="wanted">Axes that the table must have though no experiment varies them; none by default.</param>
    /// <exception cref="InvalidInputException">
    /// Runs of one experiment have different axes, or equal coordinates and different knobs or workloads.
    /// </exception>
    public static ResultTable Of(string name, IReadOnlyList<ExperimentRun> runs, params IReadOnlyList<GridAxis> wanted)
    {
        GridChecks.RequireSameAxes(runs);
        GridAxis[] varied = [.. runs.SelectMany(run => run.Coordinates.Keys).Distinct().Select(GridAxes.Of)];
        Column<ExperimentRun>[] identities = [.. GridColumns.Identities.Where(identity => !varied.Contains(identity.Definition))];
        IEnumerable<GridAxis> constant = wanted.Except(varied)
            .Where(axis => !identities.Any(identity => identity.Definition.Equals(axis)));
        GridAxis[] axes = [.. varied, .. constant];
        ExperimentRun[][] points = [.. runs
            .GroupBy(run => Key(run, axes, identities)).Select(group => group.ToArray())
            .OrderBy(group => EnumText.Of(group[0].Metrics.Manifest.Evidence), StringComparer.Ordinal)];
        foreach (ExperimentRun[] point in points)
        {
            GridChecks.RequireSameSetting(point);
        }

        Column<GridRow>[] places = [.. axes.Select(axis => ColumnOf(axis, isText: runs.Any(run => GridRow.PlaceOf(run, axis) is string)))];
        IReadOnlyList<MetricColumn> metrics = MetricColumns.For(runs);
        IReadOnlyDictionary<string, string?> stated = AxisRoles.Of(runs);
        return Define(name, identities, places, metrics)
            .Of(Sort(
                [.. points.Select(point => new GridRow(point, axes, metrics, stated[AxisRoles.ExperimentOf(point[0])]))],
                places));
    }

    /// <summary>The table of an experiment without a run: every column that is declared, and no row.</summary>
    /// <param name="name">Name of the table.</param>
    /// <param name="axes">What the experiment varies. Axes with names in place of numbers are those that figures scale by category.</param>
    internal static ResultTable Empty(string name, IReadOnlyList<GridAxis> axes) => Define(
        name,
        [.. GridColumns.Identities.Where(identity => !axes.Contains(identity.Definition))],
        [.. axes.Select(axis => ColumnOf(axis, isText: axis.Scale == Figures.AxisScale.Category))],
        MetricColumns.All).Of([]);

    private static Table<GridRow> Define(
        string name, Column<ExperimentRun>[] identities, Column<GridRow>[] places, IReadOnlyList<MetricColumn> metrics) => new(name,
    [
        StandardColumns.Evidence.From<GridRow>(row => row.Evidence),
        .. identities.Select(identity => identity.Of<GridRow>(row => row.First)),
        StandardColumns.WorkloadChanges.From<GridRow>(row => WorkloadChangesOf(row.First)),
        StandardColumns.Axes.From<GridRow>(row => row.Axes),
        .. places,
        GridColumns.GpusUsed.From<GridRow>(row => row.First.Metrics.Manifest.GpusUsed),
        StandardColumns.Seeds.From<GridRow>(row => row.Seeds),
        StandardColumns.EnergyScope.From<GridRow>(row => row.EnergyScope),
        StandardColumns.EnergySource.From<GridRow>(row => row.EnergySource),
        GridColumns.Repetitions.From<GridRow>(row => row.Repetitions),
        GridColumns.InvalidRepetitions.From<GridRow>(row => row.InvalidRepetitions),
        GridColumns.OverloadedRepetitions.From<GridRow>(row => row.OverloadedRepetitions),
        GridColumns.RequestsMeasured.From<GridRow>(row => row.RequestsMeasured),
        .. metrics.SelectMany(ColumnsOf),
        StandardColumns.SloLimits.From<GridRow>(row => row.SloLimits),
        StandardColumns.SloFound.From<GridRow>(row => row.SloFound),
        .. SeedValues.All.Select(values => values.Column.From<GridRow>(row => row.Of(values))),
        .. GridColumns.For(metrics).Select(column => column.Of<GridRow>(row => row.First)),
        StandardColumns.SloAtRisk.From<GridRow>(row => row.SloAtRisk),
        StandardColumns.Extrapolated.From<GridRow>(row => row.Extrapolated),
        StandardColumns.NotMeasured.From<GridRow>(row => row.NotMeasured),
        StandardColumns.Invalid.From<GridRow>(row => row.Invalid),
    ]);

    private static string? WorkloadChangesOf(ExperimentRun run) =>
        run.Metrics.Manifest.Experiment?.WorkloadChanges is { Count: > 0 } changes ? string.Join(", ", changes) : null;

    // Where a place of an axis has a name, all its places are text.
    private static Column<GridRow> ColumnOf(GridAxis axis, bool isText) => isText
        ? axis.AsText().From<GridRow>(row => GridRow.TextOf(row.Place(axis)))
        : axis.AsNumbers().From<GridRow>(row => row.Place(axis) as double?);

    private static IEnumerable<Column<GridRow>> ColumnsOf(MetricColumn metric) =>
    [
        metric.Mean.From<GridRow>(row => row.Of(metric).Mean?.Mean),
        metric.Low.From<GridRow>(row => row.Of(metric).Mean?.Low),
        metric.High.From<GridRow>(row => row.Of(metric).Mean?.High),
        .. metric.Error is { } error ? [error.From<GridRow>(row => row.Of(metric).Error)] : Array.Empty<Column<GridRow>>(),
        .. metric.Uncertainty is { } all ? [all.From<GridRow>(row => row.Of(metric).Uncertainty)] : Array.Empty<Column<GridRow>>(),
        .. metric.BandLow is { } low
            ? [low.From<GridRow>(row => row.Of(metric).Mean?.Mean * row.BandOf(metric)?.LowFactor)]
            : Array.Empty<Column<GridRow>>(),
        .. metric.BandHigh is { } high
            ? [high.From<GridRow>(row => row.Of(metric).Mean?.Mean * row.BandOf(metric)?.HighFactor)]
            : Array.Empty<Column<GridRow>>(),
    ];

    // Stable: rows keep the order of the records where the axes do not decide, so that loads stay low, medium, high.
    private static IEnumerable<GridRow> Sort(IReadOnlyList<GridRow> rows, Column<GridRow>[] places)
    {
        Dictionary<(Column Axis, string Name), double> ranks = [];
        foreach (GridRow row in rows)
        {
            foreach (Column<GridRow> place in places)
            {
                if (place.Read(row) is string name)
                {
                    ranks.TryAdd((place.Definition, name), KnownOrder.Rank(name) ?? (KnownOrder.Last + ranks.Count));
                }
            }
        }

        return places.Aggregate(
            rows.OrderBy(row => row.Evidence, StringComparer.Ordinal),
            (sorted, place) => sorted.ThenBy(row => place.Read(row) switch
            {
                string name => ranks[(place.Definition, name)],
                double number => number,

                // A row without a place comes last.
                _ => double.PositiveInfinity,
            }));
    }

    private static string Key(ExperimentRun run, GridAxis[] axes, Column<ExperimentRun>[] identities) => JsonSerializer.Serialize(
        new[] { EnumText.Of(run.Metrics.Manifest.Evidence) }
            .Concat(identities.Select(identity => (string?)identity.Read(run)))
            .Concat(axes.Select(axis => GridRow.TextOf(GridRow.PlaceOf(run, axis)))));
}
