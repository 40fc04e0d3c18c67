using GreenServe.Analysis.Artifacts.Panels;
using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Statistics;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Artifacts;

/// <summary>
/// Shows how much energy a looser SLO saves: the feasible point of least energy when every limit is multiplied by 1 to 10.
/// </summary>
/// <remarks>
/// A setting keeps a scaled SLO where the mean of its repetitions' largest ratio of latency to limit is at most the scale. The repetitions
/// of all settings are pairs of equal requests, so that savings, ties and probabilities compare pairs.
/// </remarks>
internal static class SloTightness
{
    private static readonly MetricColumn Energy = MetricColumns.JoulesPerOutputToken;
    private static readonly double[] Scales = [1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];
    private static readonly GridAxis[] Knobs = [GridAxes.TensorParallelism, GridAxes.GpuClock, GridAxes.Batch];

    private static readonly NumberColumn[] CopiedColumns =
    [
        .. Energy.Interval, MetricColumns.JoulesPerRequest.Mean, MetricColumns.OutputTokensPerSecond.Mean, MetricColumns.TtftP99.Mean,
        MetricColumns.TbtP99.Mean, MetricColumns.SloWorstRatio.Mean, GridColumns.Repetitions, GridColumns.RequestsMeasured,
    ];

    private static readonly Table<TightnessChoice> BestTable = new("slo-tightness-best",
    [
        .. SeriesKey.SetupColumns.Select(column => column.From<TightnessChoice>(row => row.First[column])),
        new NumberColumn("slo_scale").From<TightnessChoice>(row => row.ScaleFactor),
        new NumberColumn("feasible_points").From<TightnessChoice>(row => row.Feasible.Count),
        new NumberColumn("disputed_points").From<TightnessChoice>(row => row.Disputed),
        .. Knobs.Select(knob => knob.AsNumbers().From<TightnessChoice>(row => row.Best?.Number(knob))),
        .. CopiedColumns.Select(column => column.From<TightnessChoice>(row => row.Best?[column])),
        new NumberColumn("repetitions_within_slo").From<TightnessChoice>(row => row.RunsWithin),
        new NumberColumn("saving_against_tightest").From<TightnessChoice>(row => 1 - row.RatioToTightest?.Mean),
        new NumberColumn("saving_against_tightest_low").From<TightnessChoice>(row => 1 - row.RatioToTightest?.High),
        new NumberColumn("saving_against_tightest_high").From<TightnessChoice>(row => 1 - row.RatioToTightest?.Low),
        new NumberColumn("probability_of_least").From<TightnessChoice>(row => row.Probability),
        new NumberColumn("tied").From<TightnessChoice>(row => row.Tied.Count),
        new TextColumn("tied_settings").From<TightnessChoice>(row => row.Tied.Count > 0 ? string.Join("; ", row.Tied.Select(Words)) : null),
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
        TightnessChoice[] best = [.. BestOf(table)];
        LinePanel Panel(string title, FigureAxis y, Func<TableRow, double?> read, MetricColumn? interval = null) => new()
        {
            Title = title,
            X = new FigureAxis { Label = "SLO limits multiplied by", Scale = AxisScale.Log2, Ticks = [1, 1.5, 2, 3, 4, 6, 8, 10] },
            Y = y,
            Series = [.. best.GroupBy(one => one.Setup).SelectMany((setup, index) => SeriesOf([.. setup], index, read, interval))],
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
            Note: NoteOf(best));
    }

    /// <summary>A line through all choices, filled marks on those that are certain, and open ones on the others.</summary>
    private static IEnumerable<Series> SeriesOf(
        TightnessChoice[] setup, int index, Func<TableRow, double?> read, MetricColumn? interval)
    {
        SeriesStyle style = new(Palette.Of(index), index);
        FigurePoint[] Of(Func<TightnessChoice, bool> choose) => [.. setup.Where(choose).SelectMany(one => Points(one, read, interval))];

        FigurePoint[] uncertain = Of(one => one.IsUncertain);
        if (uncertain.Length == 0)
        {
            yield return new Series(setup[0].Setup.Name, style, Of(_ => true));
            yield break;
        }

        FigurePoint[] line = [.. Of(_ => true).Select(point => new FigurePoint(point.X, point.Y))];
        yield return new Series("", style with { HasMarkers = false }, line);
        yield return new Series(setup[0].Setup.Name, style with { IsJoined = false }, Of(one => !one.IsUncertain));
        yield return new Series("", style with { IsJoined = false, IsOpen = true }, uncertain);
    }

    private static string NoteOf(TightnessChoice[] best)
    {
        string note = "A multiple without a point: no setting of the grid keeps it.";
        string[] uncertain = [.. best.Where(one => one.IsUncertain).Select(one => one.ScaleText).Distinct()];
        return uncertain.Length == 0
            ? note
            : $"{note} Open marks ({string.Join(", ", uncertain)}): another setting takes as little, or repetitions disagree whether the "
                + "chosen one keeps the SLO.";
    }

    private static IEnumerable<FigurePoint> Points(TightnessChoice one, Func<TableRow, double?> read, MetricColumn? interval) =>
        one.Best is { } row && read(row) is { } value
            ?
            [
                new FigurePoint(
                    one.ScaleFactor, value, interval is null ? null : row[interval.Low], interval is null ? null : row[interval.High]),
            ]
            : [];

    private static string Words(TableRow row) =>
        string.Join(", ", Knobs.Where(knob => row.Text(knob) is not null).Select(knob => knob.NameOf(row.Text(knob)!)));

    private static IEnumerable<TightnessChoice> BestOf(ResultTable table)
    {
        table.Require([.. SeriesKey.SetupColumns, .. Knobs, .. CopiedColumns, .. SeedValues.All.Select(values => values.Column)]);
        foreach (SeriesKey setup in SeriesKey.Setups(table))
        {
            TableRow[] rows = [.. table.Rows.Where(setup.Matches)];
            TableRow? tightest = null;
            foreach (double scale in Scales)
            {
                TightnessChoice choice = new(setup, rows, scale, tightest);
                tightest ??= choice.Best;
                yield return choice;
            }
        }
    }
}

/// <summary>The settings that keep every limit of an SLO multiplied by one number, and the best of them.</summary>
internal sealed class TightnessChoice
{
    private const double EvenProbability = 0.5;

    private static readonly SeedValues Energy = SeedValues.JoulesPerOutputToken;
    private static readonly SeedValues Ratio = SeedValues.SloWorstRatio;

    private readonly TableRow? tightest;

    /// <summary>Chooses the best of some settings.</summary>
    /// <param name="setup">The setup that served.</param>
    /// <param name="rows">Every setting of the setup; at least one.</param>
    /// <param name="scaleFactor">Factor by which every limit of the SLO is multiplied.</param>
    /// <param name="tightest">The choice under the tightest SLO that a setting keeps; <c>null</c> where this one may be it.</param>
    internal TightnessChoice(SeriesKey setup, TableRow[] rows, double scaleFactor, TableRow? tightest)
    {
        (Setup, First, ScaleFactor) = (setup, rows[0], scaleFactor);
        Feasible = [.. rows.Where(row => row[Energy.Metric.Mean] is not null && Keeps(row))];
        Best = Feasible.MinBy(row => row[Energy.Metric.Mean]);
        this.tightest = tightest ?? Best;
        Disputed = rows.Count(row => WithinOf(row) is { } within && within > 0 && within < Ratio.Of(row).Count);
        Tied =
        [
            .. Feasible.Where(row => row != Best
                && Energy.RatioOf(Best!, row) is { HalfWidth: not null } ratio && EqualMeans.AreEqual(ratio)),
        ];
    }

    /// <summary>The setup that served.</summary>
    internal SeriesKey Setup { get; }

    /// <summary>A row of the setup; any of them says what served.</summary>
    internal TableRow First { get; }

    /// <summary>Factor by which every limit of the SLO is multiplied.</summary>
    internal double ScaleFactor { get; }

    /// <summary>The factor as people write it: <c>x1.25</c>.</summary>
    internal string ScaleText => $"x{NumberText.Exact(ScaleFactor)}";

    /// <summary>The settings that keep the scaled SLO and have an energy.</summary>
    internal IReadOnlyList<TableRow> Feasible { get; }

    /// <summary>Number of settings of which some repetitions keep the scaled SLO, and others do not.</summary>
    internal int Disputed { get; }

    /// <summary>The feasible setting of least energy; <c>null</c> where none is feasible.</summary>
    internal TableRow? Best { get; }

    /// <summary>The other feasible settings whose energy cannot be told apart from the least.</summary>
    internal IReadOnlyList<TableRow> Tied { get; }

    /// <summary>Repetitions of the best setting that keep the scaled SLO; <c>null</c> where they are not known one by one.</summary>
    internal int? RunsWithin => Best is null ? null : WithinOf(Best);

    /// <summary>
    /// The least energy over that of the tightest SLO that a setting keeps, with its interval between runs; <c>null</c> where no setting is
    /// feasible.
    /// </summary>
    internal MeanInterval? RatioToTightest => Best is { } best ? Energy.RatioOf(best, tightest!) : null;

    /// <summary>How sure it is that no other feasible setting takes less; <c>null</c> where a setting ran once.</summary>
    internal double? Probability =>
        Best is { } best ? Energy.ProbabilitiesOfLeast(Feasible)?[Feasible.Index().First(pair => pair.Item == best).Index] : null;

    /// <summary>
    /// Whether another setting may take as little, or repetitions disagree whether the best one keeps the SLO. A setting whose runs are
    /// the same to the last digit, as under a batch limit that is never reached, is tied and makes nothing uncertain.
    /// </summary>
    internal bool IsUncertain => Best is { } best
        && (Tied.Any(row => row[Energy.Metric.Mean] != best[Energy.Metric.Mean]) || Probability < EvenProbability
            || RunsWithin < Ratio.Of(best).Count);

    /// <summary>
    /// Whether the mean ratio of a setting is within the scale. No scale is loose enough for a repetition whose load was not carried, or in
    /// which too many requests failed: that has an energy and no ratio.
    /// </summary>
    private bool Keeps(TableRow row) => row[Ratio.Metric.Mean] <= ScaleFactor
        && !(row[GridColumns.OverloadedRepetitions] > 0) && Energy.Of(row).Keys.All(Ratio.Of(row).ContainsKey);

    private int? WithinOf(TableRow row) =>
        Ratio.Of(row) is { Count: > 0 } ratios ? ratios.Values.Count(ratio => ratio <= ScaleFactor) : null;
}
