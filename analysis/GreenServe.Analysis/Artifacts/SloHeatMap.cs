using GreenServe.Analysis.Artifacts.Panels;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Artifacts;

/// <summary>Energy over class, tensor parallelism and clock at several loads, and the best point of each class.</summary>
internal static class SloHeatMap
{
    private static readonly Table<BestPoint> BestPointTable = new("slo-best-points",
    [
        .. SeriesKey.SetupColumns.Select(column => column.From<BestPoint>(row => row.Points[0].Row[column])),
        StandardColumns.Load.From<BestPoint>(row => row.Points[0].Row[StandardColumns.Load]),
        StandardColumns.Class.From<BestPoint>(row => row.Points[0].Class),
        new NumberColumn("points").From<BestPoint>(row => row.Points.Count),
        new NumberColumn("feasible_points").From<BestPoint>(row => row.Feasible.Count),
        GridAxes.TensorParallelism.AsNumbers().From<BestPoint>(row => row.Best?.Setting.Gpus),
        GridAxes.GpuClock.AsNumbers().From<BestPoint>(row => row.Best?.Setting.Megahertz),
        .. CopiedColumns.Select(column => column.From<BestPoint>(row => row.Best?.Row[column])),
        new NumberColumn("saving_against_highest_setting").From<BestPoint>(row => row.SavingRatio),
        new NumberColumn("probability_of_least").From<BestPoint>(row => row.Probability),
    ]);

    private static IEnumerable<NumberColumn> CopiedColumns =>
    [
        .. MetricColumns.JoulesPerRequest.Interval, MetricColumns.JoulesPerOutputToken.Mean, MetricColumns.TtftP99.Mean,
        MetricColumns.TbtP99.Mean, MetricColumns.MeanWatts.Mean, MetricColumns.SloWorstRatio.Mean, GridColumns.Repetitions,
    ];

    internal static Artifact Artifact { get; } = new()
    {
        Name = "slo-heatmap",
        Title = "Energy under the SLO: class, tensor parallelism, clock",
        Question = "For each request class and load, which tensor parallelism and clock serve within the SLO for the least energy?",
        Axes = [GridAxes.Class, GridAxes.TensorParallelism, GridAxes.GpuClock, GridAxes.Load],
        Derive = table => [BestPointTable.Of(BestPoints(table))],
        Draw = table => new FigureContent(
            [.. MapOf(table).Panels()],
            Columns: 1,
            PanelHeight: 250,
            Note: "Each row is coloured against the least energy per request its class reaches within the SLO at that load."),
    };

    private static HeatMap MapOf(ResultTable table)
    {
        AxisPlaces Of(GridAxis axis) => new(table, axis);
        return new HeatMap(
            table,
            new HeatAxes(Of(GridAxes.GpuClock), Of(GridAxes.Class), Of(GridAxes.TensorParallelism), [Of(GridAxes.Load)]),
            [GridAxes.TensorParallelism, GridAxes.GpuClock])
        {
            Metric = MetricColumns.JoulesPerRequest,
            Unit = "J per request",
            Quantity = "energy per request",
            Question = "class",
            CrossLabel = "breaks the SLO or overloads",
        };
    }

    private static IEnumerable<BestPoint> BestPoints(ResultTable table)
    {
        table.Require([.. SeriesKey.SetupColumns, .. Artifact.Axes, .. CopiedColumns, MetricColumns.SloFeasible.Mean]);
        return from setup in SeriesKey.Setups(table)
               from load in table.Distinct(StandardColumns.Load)
               from name in table.Distinct(StandardColumns.Class)
               let points = PointsOf(table, setup, load).Where(point => point.Class == name).ToArray()
               where points.Length > 0
               select new BestPoint(points);
    }

    private static IEnumerable<SloPoint> PointsOf(ResultTable table, SeriesKey setup, string load) => table.Rows
        .Where(row => row[StandardColumns.Load] == load && row[StandardColumns.Class] is not null && setup.Matches(row))
        .Select(row => new SloPoint(row));

    /// <summary>How many GPUs at which clock; <c>null</c> where the runs do not say it.</summary>
    private readonly record struct SloSetting(double? Gpus, double? Megahertz) : IComparable<SloSetting>
    {
        public int CompareTo(SloSetting other) => (Gpus, Megahertz).CompareTo((other.Gpus, other.Megahertz));
    }

    /// <summary>A point of the map: one request class at one setting and load.</summary>
    private sealed record SloPoint(TableRow Row)
    {
        internal string Class => Row[StandardColumns.Class]!;

        internal SloSetting Setting => new(Row.Number(GridAxes.TensorParallelism), Row.Number(GridAxes.GpuClock));

        /// <summary>Energy of a request (J); <c>null</c> where it was not measured.</summary>
        internal double? Joules => Row[MetricColumns.JoulesPerRequest.Mean];

        /// <summary>Whether every run carried the load and kept the SLO, and there is an energy.</summary>
        internal bool IsFeasible => Row[MetricColumns.SloFeasible.Mean] == 1 && Joules is not null
            && !(Row[GridColumns.OverloadedRepetitions] > 0);
    }

    /// <summary>The settings of one request class at one load, and the best of them.</summary>
    /// <param name="Points">Every setting; at least one.</param>
    private sealed record BestPoint(IReadOnlyList<SloPoint> Points)
    {
        internal IReadOnlyList<SloPoint> Feasible { get; } = [.. Points.Where(point => point.IsFeasible)];

        /// <summary>The feasible setting of least energy; <c>null</c> where none is feasible.</summary>
        internal SloPoint? Best => Feasible.MinBy(point => point.Joules);

        /// <summary>
        /// Share of the energy saved against most GPUs at the highest clock; <c>null</c> where that setting is not feasible.
        /// </summary>
        internal double? SavingRatio =>
            Best is { } best && Points.MaxBy(point => point.Setting) is { IsFeasible: true, Joules: > 0 } highest
                ? 1 - (best.Joules / highest.Joules)
                : null;

        /// <summary>
        /// How sure it is that no other feasible setting uses less; <c>null</c> where a setting ran once, because one run cannot tell.
        /// </summary>
        internal double? Probability => Best is { } best
            ? SeedValues.JoulesPerRequest.ProbabilitiesOfLeast([.. Feasible.Select(point => point.Row)])
                ?[Feasible.Index().First(pair => pair.Item == best).Index]
            : null;
    }
}
