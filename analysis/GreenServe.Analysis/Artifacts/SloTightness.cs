using GreenServe.Analysis.Artifacts.Panels;
using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Artifacts;

/// <summary>
/// Shows how much energy a looser SLO saves: the feasible point of least energy when every limit is multiplied by 1 to 10.
/// </summary>
internal static class SloTightness
{
    private static readonly MetricColumn Energy = MetricColumns.JoulesPerOutputToken;
    private static readonly double[] Scales = [1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];
    private static readonly GridAxis[] Knobs = [GridAxes.TensorParallelism, GridAxes.GpuClock, GridAxes.Batch];

    private static readonly NumberColumn[] CopiedColumns =
    [
        .. Energy.Interval, MetricColumns.JoulesPerRequest.Mean, MetricColumns.OutputTokensPerSecond.Mean, MetricColumns.TtftP99.Mean,
        MetricColumns.TbtP99.Mean, MetricColumns.SloWorstRatio.Mean,
    ];

    private static readonly Table<ScaledBest> BestTable = new("slo-tightness-best",
    [
        .. SeriesKey.SetupColumns.Select(column => column.From<ScaledBest>(row => row.First[column])),
        new NumberColumn("slo_scale").From<ScaledBest>(row => row.ScaleFactor),
        new NumberColumn("feasible_points").From<ScaledBest>(row => row.Feasible.Count),
        .. Knobs.Select(knob => knob.AsNumbers().From<ScaledBest>(row => row.Best?.Number(knob))),
        .. CopiedColumns.Select(column => column.From<ScaledBest>(row => row.Best?[column])),
    ]);

    internal static Artifact Artifact { get; } = new()
    {
        Name = "slo-tightness",
        Companions = [CompanionFigures.Pareto("slo-tightness", "Tensor parallelism, clock and batch", Knobs)],
        Title = "What slack buys",
        Question = "How much energy does a looser SLO save, and which knob turns first?",
        Axes = Knobs,
        Derive = table => [BestTable.Of(BestOf(table))],
        Draw = Draw,
    };

    private static FigureContent Draw(ResultTable table)
    {
        ScaledBest[] best = [.. BestOf(table)];
        LinePanel Panel(string title, FigureAxis y, Func<TableRow, double?> read, MetricColumn? interval = null) => new()
        {
            Title = title,
            X = new FigureAxis { Label = "SLO limits multiplied by", Scale = AxisScale.Log2, Ticks = [1, 1.5, 2, 3, 4, 6, 8, 10] },
            Y = y,
            Series = [.. best.GroupBy(one => one.Setup).Select((setup, index) => new Series(
                setup.Key.Name, new SeriesStyle(Palette.Of(index), index), [.. setup.SelectMany(one => Points(one, read, interval))]))],
        };

        LinePanel Chosen(string title, GridAxis knob, string label) => Panel(
            title,
            new FigureAxis
            {
                Label = label,
                Ticks = [.. table.Rows.Select(row => row.Number(knob)).OfType<double>().Distinct().Order()],
                Scale = knob.Scale,
            },
            row => row.Number(knob));

        return new FigureContent(
            [
                Panel(
                    "Least energy per output token",
                    new FigureAxis { Label = Energy.AxisLabel("J", table), FromZero = true },
                    row => row[Energy.Mean],
                    Energy),
                Chosen("Tensor parallelism chosen", GridAxes.TensorParallelism, "GPUs"),
                Chosen("GPU clock chosen", GridAxes.GpuClock, "MHz"),
                Chosen("Batch chosen", GridAxes.Batch, "sequences"),
            ],
            Note: "A multiple without a point: no setting of the grid keeps it.");
    }

    private static IEnumerable<FigurePoint> Points(ScaledBest one, Func<TableRow, double?> read, MetricColumn? interval) =>
        one.Best is { } row && read(row) is { } value
            ?
            [
                new FigurePoint(
                    one.ScaleFactor, value, interval is null ? null : row[interval.Low], interval is null ? null : row[interval.High]),
            ]
            : [];

    private static IEnumerable<ScaledBest> BestOf(ResultTable table)
    {
        table.Require([.. SeriesKey.SetupColumns, .. Knobs, .. CopiedColumns]);
        foreach (SeriesKey setup in SeriesKey.Setups(table))
        {
            TableRow[] rows = [.. table.Rows.Where(setup.Matches)];
            foreach (double scale in Scales)
            {
                yield return new ScaledBest
                {
                    Setup = setup,
                    First = rows[0],
                    ScaleFactor = scale,
                    Feasible = [.. rows.Where(row => row[MetricColumns.SloWorstRatio.Mean] <= scale && row[Energy.Mean] is not null)],
                };
            }
        }
    }

    /// <summary>The settings that keep every limit multiplied by one number, and the best of them.</summary>
    private sealed record ScaledBest
    {
        /// <summary>The setup that served.</summary>
        internal required SeriesKey Setup { get; init; }

        /// <summary>A row of the setup; any of them says what served.</summary>
        internal required TableRow First { get; init; }

        /// <summary>Factor by which every limit of the SLO is multiplied.</summary>
        internal required double ScaleFactor { get; init; }

        /// <summary>The settings that keep the scaled SLO and have an energy.</summary>
        internal required IReadOnlyList<TableRow> Feasible { get; init; }

        /// <summary>The feasible setting of least energy; <c>null</c> where none is feasible.</summary>
        internal TableRow? Best => Feasible.MinBy(row => row[Energy.Mean]);
    }
}
