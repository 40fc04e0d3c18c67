using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Artifacts;

/// <summary>What a looser SLO buys: the least-energy feasible point as every limit is multiplied by 1 to 10.</summary>
internal static class SloTightness
{
    private const string Metric = "joules_per_output_token";
    private static readonly double[] Scales = [1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];
    private static readonly string[] Knobs = ["tensor_parallelism", "gpu_clock_megahertz", "batch"];

    internal static Artifact Artifact { get; } = new()
    {
        Name = "slo-tightness",
        Companions = [CompanionFigures.Pareto("slo-tightness", "Tensor parallelism, clock and batch", ["tensor_parallelism", "gpu_clock_megahertz", "batch"])],
        Title = "What slack buys",
        Question = "How much energy does a looser SLO save, and which knob turns first?",
        Axes = Knobs,
        Derive = table => [Best(table)],
        Draw = tables => Draw(tables[0], tables[1]),
    };

    private static FigureContent Draw(ResultTable table, ResultTable best)
    {
        LinePanel Panel(string title, string column, string label, bool isEnergy) => new()
        {
            Title = title,
            X = new FigureAxis { Label = "SLO limits multiplied by", Scale = AxisScale.Log2, Ticks = [1, 1.5, 2, 3, 4, 6, 8, 10] },
            Y = new FigureAxis { Label = label, FromZero = isEnergy, Ticks = isEnergy ? [] : Values(table, column), Scale = column == "gpu_clock_megahertz" || isEnergy ? AxisScale.Linear : AxisScale.Log2 },
            Series = [.. SeriesKey.Setups(best).Select((setup, index) => new Series(
                setup.Name, new SeriesStyle(Palette.Of(index), index), Points(best, setup, column, isEnergy)))],
        };

        return new FigureContent(
            [
                Panel("Least energy per output token", Metric, "energy (J/token)", isEnergy: true),
                Panel("Tensor parallelism chosen", "tensor_parallelism", "GPUs", isEnergy: false),
                Panel("GPU clock chosen", "gpu_clock_megahertz", "MHz", isEnergy: false),
                Panel("Batch chosen", "batch", "sequences", isEnergy: false),
            ],
            Note: "A multiple without a point: no setting of the grid keeps it.");
    }

    private static FigurePoint[] Points(ResultTable best, SeriesKey setup, string column, bool isEnergy) =>
        [.. Enumerable.Range(0, best.Rows.Count)
            .Where(row => setup.Matches(best, row) && best.Number(row, column) is not null)
            .Select(row => new FigurePoint(
                best.Number(row, "slo_scale")!.Value, best.Number(row, column)!.Value,
                isEnergy ? best.Number(row, $"{column}_low") : null, isEnergy ? best.Number(row, $"{column}_high") : null))];

    private static double[] Values(ResultTable table, string column) =>
        [.. Enumerable.Range(0, table.Rows.Count).Select(row => table.Number(row, column)).OfType<double>().Distinct().Order()];

    private static ResultTable Best(ResultTable table)
    {
        string[] copied = [.. Knobs, Metric, $"{Metric}_low", $"{Metric}_high", "joules_per_request", "output_tokens_per_second", "ttft_p99_seconds", "tbt_p99_seconds", "slo_worst_ratio"];
        List<object?[]> rows = [];
        foreach (SeriesKey setup in SeriesKey.Setups(table))
        {
            int[] all = [.. Enumerable.Range(0, table.Rows.Count).Where(row => setup.Matches(table, row))];
            foreach (double scale in Scales)
            {
                int[] feasible = [.. all.Where(row => table.Number(row, "slo_worst_ratio") <= scale && table.Number(row, Metric) is not null)];
                int? best = feasible.Length == 0 ? null : feasible.MinBy(row => table.Number(row, Metric)!.Value);
                rows.Add([.. SeriesKey.SetupOf(table, all[0]), scale, (double)feasible.Length, .. copied.Select(column => best is { } row ? (object?)table.Number(row, column) : null)]);
            }
        }

        ResultColumn[] columns =
            [.. SeriesKey.SetupColumns.Select(column => new ResultColumn(column, true)), new("slo_scale", false), new("feasible_points", false), .. copied.Select(column => new ResultColumn(column, false))];
        return new ResultTable("slo-tightness-best", columns, rows);
    }
}
