using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Figures.Drawing;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Statistics;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Artifacts;

/// <summary>Figures that several artifacts have beside their own: where the energy went, and the front of latency against energy.</summary>
internal static class CompanionFigures
{
    private const string Energy = TokenEnergy.Metric;
    private const string Latency = "tpot_mean_seconds";

    /// <summary>Idle, loaded-idle, prefill and decode energy of a token along one axis.</summary>
    internal static Artifact Breakdown(string artifact, string title, string x) => new()
    {
        Name = $"{artifact}-breakdown",
        Title = $"{title}: where the energy goes",
        Question = "How much of a token's energy is spent idle, on holding the model ready, on prompts and on tokens?",
        Axes = [x],
        Draw = tables =>
        {
            PanelBuilder panels = new(tables[0], x, []);
            return new FigureContent(
                [.. panels.Keys.Select(key => panels.TokenEnergyParts("Energy per output token", key)).Where(panel => panel.Series.Count > 0)],
                Columns: 1,
                PanelHeight: 300,
                Note: "Idle: power of empty accelerators x time. Loaded-idle: what weights in memory and raised clocks add. The rest is dynamic; not split where a run does not tell prompts from tokens.");
        },
    };

    /// <summary>Latency against energy of every point, with the points no other beats joined.</summary>
    /// <param name="artifact">Name of the artifact.</param>
    /// <param name="title">Its title.</param>
    /// <param name="settings">Axes that name a point on the front.</param>
    internal static Artifact Pareto(string artifact, string title, string[] settings) => new()
    {
        Name = $"{artifact}-pareto",
        Title = $"{title}: latency against energy",
        Question = "Which settings are best, in the sense that no other is both faster and cheaper?",
        Axes = settings,
        Derive = table => [ParetoFrontTable(artifact, table, settings)],
        Draw = tables => new FigureContent(
            [ParetoPanel(tables[0], settings)],
            Columns: 1,
            PanelHeight: 430,
            Note: $"Labels: {string.Join(", ", settings.Select(AxisCatalog.Label))}. Valid points only; the front is of means."),
    };

    private static LinePanel ParetoPanel(ResultTable table, string[] settings)
    {
        List<Series> series = [];
        foreach ((int index, SeriesKey setup) in SeriesKey.Setups(table).Index())
        {
            string suffix = setup.Name.Length > 0 ? $", {setup.Name}" : "";
            int[] rows = Usable(table, setup);
            FigurePoint Point(int row, string? label) => new(
                1000 * table.Number(row, Latency)!.Value, table.Number(row, Energy)!.Value, table.Number(row, $"{Energy}_low"), table.Number(row, $"{Energy}_high"), label);
            int[] front = FrontOf(table, rows);
            series.Add(new Series($"every setting{suffix}", new SeriesStyle(FigureInk.Frame, 0, IsOpen: true, IsJoined: false), [.. rows.Select(row => Point(row, null))]));
            series.Add(new Series($"no setting is better in both{suffix}", new SeriesStyle(Palette.Of(index)),
                [.. front.Index().Select(pair => Point(pair.Item, IsLabelled(pair.Index, front.Length) ? Name(table, pair.Item, settings) : null))]));
        }

        return new LinePanel
        {
            Title = "Energy per output token against time per output token",
            X = new FigureAxis { Label = "TPOT, mean (ms)", Scale = AxisScale.Log10 },
            Y = new FigureAxis { Label = "energy (J/token)", Scale = AxisScale.Log10 },
            Series = series,
        };
    }

    private static ResultTable ParetoFrontTable(string artifact, ResultTable table, string[] settings)
    {
        string[] copied = [.. settings, Latency, $"{Latency}_low", $"{Latency}_high", Energy, $"{Energy}_low", $"{Energy}_high"];
        return new ResultTable(
            $"{artifact}-front",
            [.. SeriesKey.SetupColumns.Select(column => new ResultColumn(column, true)), .. copied.Select(column => table.Columns.First(other => other.Name == column))],
            [.. SeriesKey.Setups(table).SelectMany(setup => FrontOf(table, Usable(table, setup))
                .Select(row => (object?[])[.. SeriesKey.SetupOf(table, row), .. copied.Select(column => table.Number(row, column) ?? (object?)table.Text(row, column))]))]);
    }

    private static int[] Usable(ResultTable table, SeriesKey setup) => [.. Enumerable.Range(0, table.Rows.Count)
        .Where(row => setup.Matches(table, row) && table.Number(row, Latency) > 0 && table.Number(row, Energy) > 0)];

    private static int[] FrontOf(ResultTable table, int[] rows) =>
        [.. ParetoFront.Of([.. rows.Select(row => (table.Number(row, Latency)!.Value, table.Number(row, Energy)!.Value))]).Select(index => rows[index])];

    // A dozen labels stay readable; of a longer front the ends and every few between are named.
    private static bool IsLabelled(int index, int count)
    {
        int step = Math.Max(1, count / 8);
        return index == count - 1 || (index % step == 0 && count - 1 - index >= step);
    }

    private static string Name(ResultTable table, int row, string[] settings) => string.Join(" / ", settings.Select(setting => table.Text(row, setting) ?? "none"));
}
