using GreenServe.Analysis.Artifacts.Panels;
using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Figures.Drawing;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Statistics;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Artifacts;

/// <summary>Figures that several artifacts have beside their own: where the energy went, and the front of latency against energy.</summary>
internal static class CompanionFigures
{
    // This many labels on a front stay readable.
    private const int LabelledSteps = 8;

    private static readonly MetricColumn Energy = MetricColumns.JoulesPerOutputToken;
    private static readonly MetricColumn Latency = MetricColumns.TpotMean;

    /// <summary>Idle, loaded-idle, prefill and decode energy of a token along one axis.</summary>
    internal static Artifact Breakdown(string artifact, string title, GridAxis x) => new()
    {
        Name = $"{artifact}-breakdown",
        Title = $"{title}: where the energy goes",
        Question = "How much of a token's energy is spent idle, on holding the model ready, on prompts and on tokens?",
        Axes = [x],
        Draw = table =>
        {
            PanelBuilder panels = new(table, x, []);
            return new FigureContent(
                [
                    .. panels.Keys.Select(key => panels.TokenEnergyParts("Energy per output token", key))
                        .Where(panel => panel.Series.Count > 0),
                ],
                Columns: 1,
                PanelHeight: 300,
                Note: "Idle: power of empty accelerators x time. Loaded-idle: what weights in memory and raised clocks add. "
                    + "The rest is dynamic; not split where a run does not tell prompts from tokens.");
        },
    };

    /// <summary>Latency against energy of every point, with the points joined that no other beats.</summary>
    /// <param name="artifact">Name of the artifact.</param>
    /// <param name="title">Its title.</param>
    /// <param name="settings">Axes that name a point on the front.</param>
    internal static Artifact Pareto(string artifact, string title, GridAxis[] settings) => new()
    {
        Name = $"{artifact}-pareto",
        Title = $"{title}: latency against energy",
        Question = "Which settings are best, in the sense that no other is both faster and cheaper?",
        Axes = settings,
        Derive = table => [FrontTable(artifact, table, settings)],
        Draw = table => new FigureContent(
            [ParetoPanel(table, settings)],
            Columns: 1,
            PanelHeight: 430,
            Note: $"Labels: {string.Join(", ", settings.Select(axis => axis.Legend))}. Valid points only; the front is of means."),
    };

    private static LinePanel ParetoPanel(ResultTable table, GridAxis[] settings)
    {
        List<Series> series = [];
        foreach ((int index, SeriesKey setup) in SeriesKey.Setups(table).Index())
        {
            string suffix = setup.Name.Length > 0 ? $", {setup.Name}" : "";
            ParetoPoint[] all = PointsOf(table, setup);
            ParetoPoint[] front = FrontOf(all);
            series.Add(new Series(
                $"every setting{suffix}",
                new SeriesStyle(FigureInk.Frame, 0, IsOpen: true, IsJoined: false),
                [.. all.Select(point => Draw(point, label: null))]));
            series.Add(new Series(
                $"no setting is better in both{suffix}",
                new SeriesStyle(Palette.Of(index)),
                [.. front.Select((point, place) => Draw(point, IsLabelled(place, front.Length) ? NameOf(point, settings) : null))]));
        }

        return new LinePanel
        {
            Title = "Energy per output token against time per output token",
            X = new FigureAxis { Label = "TPOT, mean (ms)", Scale = AxisScale.Log10 },
            Y = new FigureAxis { Label = EnergyLabel.Of("energy (J/token)", table), Scale = AxisScale.Log10 },
            Series = series,
        };
    }

    private static FigurePoint Draw(ParetoPoint point, string? label) =>
        new(1000 * point.Seconds, point.Joules, point.Row[Energy.Low], point.Row[Energy.High], label);

    private static ResultTable FrontTable(string artifact, ResultTable table, GridAxis[] settings) =>
        new Table<TableRow>($"{artifact}-front",
        [
            .. SeriesKey.SetupColumns.Select(table.Copy), .. settings.Select(table.Copy), .. Latency.Interval.Select(table.Copy),
            .. Energy.Interval.Select(table.Copy),
        ]).Of(SeriesKey.Setups(table).SelectMany(setup => FrontOf(PointsOf(table, setup))).Select(point => point.Row));

    /// <summary>The rows of a setup that have both a latency and an energy.</summary>
    private static ParetoPoint[] PointsOf(ResultTable table, SeriesKey setup) =>
        [.. from row in table.Rows
            where setup.Matches(row) && row[Latency.Mean] > 0 && row[Energy.Mean] > 0
            select new ParetoPoint(row, row[Latency.Mean]!.Value, row[Energy.Mean]!.Value)];

    private static ParetoPoint[] FrontOf(ParetoPoint[] points) =>
        [.. ParetoFront.Of([.. points.Select(point => (point.Seconds, point.Joules))]).Select(index => points[index])];

    // A dozen labels stay readable. Of a longer front the ends and every few between are named.
    private static bool IsLabelled(int index, int count)
    {
        int step = Math.Max(1, count / LabelledSteps);
        return index == count - 1 || (index % step == 0 && count - 1 - index >= step);
    }

    private static string NameOf(ParetoPoint point, GridAxis[] settings) =>
        string.Join(" / ", settings.Select(setting => point.Row.Text(setting) ?? "none"));

    /// <summary>An operating point as its latency and energy.</summary>
    private sealed record ParetoPoint(TableRow Row, double Seconds, double Joules);
}
