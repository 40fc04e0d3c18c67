using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Reports;

/// <summary>A column of a table on the page.</summary>
/// <param name="Source">The column of the table.</param>
/// <param name="Title">Words and unit for people.</param>
/// <param name="Factor">What its numbers are multiplied with to be in the unit of the title.</param>
/// <param name="Interval">The columns of the ends of its interval; <c>null</c> where the table has none.</param>
internal sealed record ReportColumn(Column Source, string Title, double Factor = 1, ColumnInterval? Interval = null);

/// <summary>The columns that hold the ends of the interval of another one.</summary>
internal sealed record ColumnInterval(NumberColumn Low, NumberColumn High)
{
    private const string LowSuffix = "_low";
    private const string HighSuffix = "_high";

    /// <summary>The interval of a column; <c>null</c> where the table does not hold both ends.</summary>
    internal static ColumnInterval? Of(ResultTable table, Column column) =>
        table.Find(column.Name + LowSuffix) is NumberColumn low && table.Find(column.Name + HighSuffix) is NumberColumn high
            ? new ColumnInterval(low, high)
            : null;

    /// <summary>Whether a column is the end of the interval of another one.</summary>
    internal static bool IsEnd(ResultTable table, Column column) => new[] { LowSuffix, HighSuffix }
        .Any(suffix => column.Name.EndsWith(suffix, StringComparison.Ordinal) && table.Find(column.Name[..^suffix.Length]) is not null);
}

/// <summary>
/// Chooses the columns of a table that the page shows: the main ones of a grid, and all of a small table. The CSV file has every
/// column.
/// </summary>
internal static class ReportColumns
{
    // A table with more columns than this is a grid or a table of runs; all its columns would not fit on a page.
    private const int MaxColumnsOfSmallTable = 60;

    /// <summary>The columns of a large table that are shown where it has them, in this order.</summary>
    internal static IReadOnlyList<Column> Main { get; } =
    [
        GridColumns.RequestsMeasured, MetricColumns.TtftP50.Mean, MetricColumns.TtftP99.Mean, MetricColumns.TbtMean.Mean,
        MetricColumns.TbtP99.Mean,
        MetricColumns.E2eP50.Mean, MetricColumns.OutputTokensPerSecond.Mean, MetricColumns.MeanWatts.Mean, MetricColumns.PeakWatts.Mean,
        MetricColumns.JoulesPerRequest.Mean, MetricColumns.JoulesPerOutputToken.Mean, MetricColumns.GramsPerMillionTokens.Mean,
        MetricColumns.CostPerMillionTokens.Mean, MetricColumns.HostWatts.Mean,
    ];

    /// <summary>The columns of a large table that are shown where an SLO was stated.</summary>
    internal static IReadOnlyList<Column> OfAnSlo { get; } =
        [MetricColumns.SloAttainment.Mean, MetricColumns.SloGoodput.Mean, MetricColumns.SloWorstRatio.Mean];

    private static readonly Column[] Setup =
    [
        StandardColumns.Run, StandardColumns.Evidence, StandardColumns.System, StandardColumns.Engine, StandardColumns.Model,
        StandardColumns.Precision, StandardColumns.Workload, StandardColumns.SloProfile, StandardColumns.Verdict,
    ];

    // What is the same in every row stands in the caption; these are printed all the same.
    private static readonly Column[] AlwaysShown = [StandardColumns.Run, StandardColumns.Evidence, StandardColumns.Verdict];

    /// <summary>The columns, in order.</summary>
    internal static IReadOnlyList<ReportColumn> Of(ResultTable table)
    {
        if (table.Columns.Count <= MaxColumnsOfSmallTable)
        {
            return [.. table.Columns.Where(column => !ColumnInterval.IsEnd(table, column)).Select(column => Show(table, column))];
        }

        IEnumerable<Column> setup = Setup.Where(table.Has)
            .Where(column => AlwaysShown.Contains(column) || table.Distinct(column).Count > 1);
        IEnumerable<Column> axes = AxisRoles.ColumnsOf(table).Where(column => !Setup.Contains(column))
            .Where(column => table.Distinct(column).Count > (column.Equals(GridAxes.Gpu) ? 1 : 0));
        IEnumerable<Column> repetitions = new[] { GridColumns.Repetitions, GridColumns.InvalidRepetitions }.Where(table.Has)
            .Where(column => !column.Equals(GridColumns.InvalidRepetitions) || table.Numbers(column).Any(count => count > 0));
        IEnumerable<Column> slo = OfAnSlo.Where(table.Has).Where(column => table.Distinct(column).Count > 0);
        return [.. setup.Concat(axes).Concat(repetitions).Concat(Main.Where(table.Has)).Concat(slo)
            .Select(column => Show(table, table.Of(column)))];
    }

    /// <summary>
    /// The axes whose values together name a row of a grid; none for a table whose rows have names or are no points of a grid.
    /// </summary>
    internal static GridAxis[] AxesOfAPoint(ResultTable table) =>
        table.Columns.Count <= MaxColumnsOfSmallTable || table.Has(StandardColumns.Run)
            ? []
            : [.. table.Columns.Where(column => GridAxes.IsKnown(column) && !column.Equals(GridAxes.Gpu))
                .Where(column => table.Distinct(column).Count > 1).Select(GridAxes.Of)];

    private static ReportColumn Show(ResultTable table, Column column)
    {
        ColumnInterval? interval = ColumnInterval.Of(table, column);
        if (MetricColumns.Find(column) is not { } metric)
        {
            string title = AxisRoles.ColumnsOf(table).Contains(column) ? GridAxes.Of(column).Legend : column.Legend;
            return new ReportColumn(column, title, Interval: interval);
        }

        (double factor, string unit) = metric.Display(table.Rows.Select(row => row.Number(column)).OfType<double>());
        return new ReportColumn(column, unit.Length > 0 ? $"{metric.Metric.Title} ({unit})" : metric.Metric.Title, factor, interval);
    }
}
