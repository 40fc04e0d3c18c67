using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Statistics;
using GreenServe.Analysis.Tables;
using GreenServe.Records.Requests;

namespace GreenServe.Analysis.Artifacts;

/// <summary>Energy over class, tensor parallelism and clock at several loads, and the best point of each class.</summary>
internal static class SloHeatMap
{
    private const string Metric = "joules_per_request";

    // Twice the least energy is as dark as it gets: what lies beyond is equally out of the question.
    private const double ColorHigh = 2.5;

    internal static Artifact Artifact { get; } = new()
    {
        Name = "slo-heatmap",
        Title = "Energy under the SLO: class, tensor parallelism, clock",
        Question = "For each request class and load, which tensor parallelism and clock serve within the SLO for the least energy?",
        Axes = ["class", "tensor_parallelism", "gpu_clock_megahertz", "load"],
        Derive = table => [BestPoints(table)],
        Draw = tables => new FigureContent(
            [.. Maps(tables[0])],
            Columns: 1,
            PanelHeight: 250,
            Note: "Each row is coloured against the least energy per request its class reaches within the SLO at that load. Dot: the least of its class. Blank or crossed: breaks the SLO or overloads."),
    };

    private static IEnumerable<HeatPanel> Maps(ResultTable table)
    {
        foreach (SeriesKey setup in SeriesKey.Setups(table))
        {
            foreach (string load in table.Distinct("load"))
            {
                ResultTable part = table.Where(row => table.Text(row, "load") == load && setup.Matches(table, row));
                if (part.Rows.Count > 0)
                {
                    string suffix = setup.Name.Length > 0 ? $", {setup.Name}" : "";
                    yield return Map(part, $"{char.ToUpperInvariant(load[0])}{load[1..]} load{suffix}");
                }
            }
        }
    }

    private static HeatPanel Map(ResultTable table, string title)
    {
        string[] classes = [.. RequestClass.All.Select(one => one.Name).Where(table.Distinct("class").Contains).Reverse()];
        (double Tp, double Clock)[] settings = [.. Rows(table).Select(row => Setting(table, row)).Distinct().Order()];
        Dictionary<string, double> least = classes.Select(name => (name, Best: BestRow(table, name)))
            .Where(pair => pair.Best is not null).ToDictionary(pair => pair.name, pair => table.Number(pair.Best!.Value, Metric)!.Value);
        return new HeatPanel
        {
            Title = title,
            X = new FigureAxis { Label = "GPU clock (MHz)", Scale = AxisScale.Category, Categories = [.. settings.Select(setting => NumberText.Exact(setting.Clock))] },
            Y = new FigureAxis { Label = "", Scale = AxisScale.Category, Categories = classes },
            Cells = [.. Rows(table).Select(row => Cell(table, row, classes, settings, least))],
            ColorLabel = "energy per request / least of its class",
            ColorLow = 1,
            ColorHigh = ColorHigh,
            Dividers = [.. settings.Index().Skip(1).Where(pair => settings[pair.Index - 1].Tp != pair.Item.Tp).Select(pair => pair.Index - 0.5)],
            Groups = [.. settings.Index().GroupBy(pair => pair.Item.Tp).Select(group => new HeatGroup(group.Average(pair => pair.Index), $"TP {NumberText.Exact(group.Key)}"))],
        };
    }

    private static HeatCell Cell(
        ResultTable table, int row, string[] classes, (double Tp, double Clock)[] settings, Dictionary<string, double> least)
    {
        string name = table.Text(row, "class")!;
        (double tp, double clock) = Setting(table, row);
        bool isFeasible = IsFeasible(table, row);
        double? share = isFeasible && least.TryGetValue(name, out double best) ? table.Number(row, Metric) / best : null;
        string text = isFeasible
            ? $"{name}, TP {tp}, {clock} MHz: {NumberText.Of(table.Number(row, Metric)!.Value)} J per request"
            : $"{name}, TP {tp}, {clock} MHz: {(table.Number(row, "repetitions") > 0 ? "breaks the SLO" : table.Text(row, "invalid") ?? "no valid run")}";
        return new HeatCell(Array.IndexOf(settings, (tp, clock)), Array.IndexOf(classes, name), share, text, IsMarked: share == 1);
    }

    private static ResultTable BestPoints(ResultTable table)
    {
        string[] copied =
        [
            "tensor_parallelism", "gpu_clock_megahertz", Metric, $"{Metric}_low", $"{Metric}_high", "joules_per_output_token",
            "ttft_p99_seconds", "tbt_p99_seconds", "mean_watts", "slo_worst_ratio", "repetitions",
        ];
        List<object?[]> rows = [];
        foreach (SeriesKey setup in SeriesKey.Setups(table))
        {
            foreach (string load in table.Distinct("load"))
            {
                foreach (string name in table.Distinct("class"))
                {
                    ResultTable part = table.Where(row =>
                        setup.Matches(table, row) && table.Text(row, "load") == load && table.Text(row, "class") == name);
                    if (part.Rows.Count == 0)
                    {
                        continue;
                    }

                    int? best = BestRow(part, name);
                    rows.Add(
                    [
                        .. SeriesKey.SetupOf(part, 0), load, name, (double)part.Rows.Count, (double)Rows(part).Count(row => IsFeasible(part, row)),
                        .. copied.Select(column => best is { } row ? (object?)part.Number(row, column) : null),
                        best is { } chosen ? Saving(part, chosen) : null,
                        best is { } least ? ProbabilityOfBest(part, least) : null,
                    ]);
                }
            }
        }

        ResultColumn[] columns =
        [
            .. SeriesKey.SetupColumns.Select(column => new ResultColumn(column, true)), new("load", true), new("class", true), new("points", false), new("feasible_points", false),
            .. copied.Select(column => new ResultColumn(column, false)), new("saving_against_highest_setting", false),
            new("probability_of_least", false),
        ];
        return new ResultTable("slo-best-points", columns, rows);
    }

    /// <summary>Share of the energy saved against most GPUs at the highest clock, where that setting is feasible.</summary>
    private static double? Saving(ResultTable part, int best)
    {
        int highest = Rows(part).MaxBy(row => Setting(part, row));
        return IsFeasible(part, highest) ? 1 - (part.Number(best, Metric) / part.Number(highest, Metric)) : null;
    }

    /// <summary>How sure it is that no other feasible point uses less; <c>null</c> where a point ran once: then there is no telling.</summary>
    private static double? ProbabilityOfBest(ResultTable part, int best)
    {
        int[] feasible = [.. Rows(part).Where(row => IsFeasible(part, row))];
        MeanInterval[] means = [.. feasible.Select(row => new MeanInterval(
            (int)(part.Number(row, "repetitions") ?? 0), part.Number(row, Metric)!.Value, part.Number(row, $"{Metric}_low"), part.Number(row, $"{Metric}_high")))];
        return ProbabilityOfMinimum.Of(means)?[Array.IndexOf(feasible, best)];
    }

    private static int? BestRow(ResultTable table, string name)
    {
        int[] feasible = [.. Rows(table).Where(row => table.Text(row, "class") == name && IsFeasible(table, row))];
        return feasible.Length == 0 ? null : feasible.MinBy(row => table.Number(row, Metric)!.Value);
    }

    private static bool IsFeasible(ResultTable table, int row) => table.Number(row, "slo_feasible") == 1 && table.Number(row, Metric) is not null;

    private static (double Tp, double Clock) Setting(ResultTable table, int row) =>
        (table.Number(row, "tensor_parallelism") ?? 0, table.Number(row, "gpu_clock_megahertz") ?? 0);

    private static IEnumerable<int> Rows(ResultTable table) => Enumerable.Range(0, table.Rows.Count);
}
