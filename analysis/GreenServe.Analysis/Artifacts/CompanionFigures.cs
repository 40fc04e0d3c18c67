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

    // Panels of fronts, and axes whose places a label names in words: more would hide the points.
    private const int MaxFronts = 12;
    private const int MaxWords = 3;

    // Labels of points that are nearer than this share of the axes in both directions would lie on each other.
    private const double NearShare = 0.05;

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
    internal static Artifact Pareto(string artifact, string title, IReadOnlyList<GridAxis> settings) => new()
    {
        Name = $"{artifact}-pareto",
        Title = $"{title}: latency against energy",
        Question = "Which settings are best, in the sense that no other is both faster and cheaper?",
        Axes = settings,
        Derive = table => [FrontTable(artifact, table, settings)],
        Draw = table => Fronts(table, settings),
    };

    /// <summary>A front for each setup and, where the grid varies what is asked, for each question.</summary>
    private static FigureContent Fronts(ResultTable table, IReadOnlyList<GridAxis> settings)
    {
        AxisPlaces[] varied = [.. settings.Select(axis => new AxisPlaces(table, axis)).Where(axis => axis.Values.Count > 1)];
        SeriesKey[] keys = [.. KeysOf(table, settings).Where(key => PointsOf(table, key).Length > 1)];
        int more = keys.Length - MaxFronts;
        LinePanel[] panels =
            [.. keys.Take(MaxFronts).Select(key => ParetoPanel(table, varied, key, keys.Length == 1 ? LabelledSteps : LabelledSteps / 2))];
        return new FigureContent(
            panels,
            Columns: panels.Length == 1 ? 1 : 2,
            PanelHeight: panels.Length == 1 ? 430 : 320,
            Note: $"Labels: {string.Join(", ", varied.Select(axis => axis.Axis.Legend))}. Valid points only; the front is of means."
                + (more > 0 ? $" {more} more fronts are not drawn; the table has them." : ""));
    }

    /// <summary>
    /// What separates fronts: the setups, and the inputs and subjects of a grid that has knobs. Points of different questions do not beat
    /// each other.
    /// </summary>
    private static IReadOnlyList<SeriesKey> KeysOf(ResultTable table, IReadOnlyList<GridAxis> settings)
    {
        GridAxis[] axes = [.. settings.Where(axis => table.Distinct(axis).Count > 1)];
        IReadOnlyList<GridAxis> choices = GridArtifact.ChoicesOf(table, axes);
        GridAxis[] asked = choices.Count == 0 ? [] : [.. axes.Except(choices)];
        return SeriesKey.All(
            table, [.. HeatMap.SetupColumnsOf(table, [.. settings.Select(axis => new AxisPlaces(table, axis))]).Concat(asked)]);
    }

    private static LinePanel ParetoPanel(ResultTable table, AxisPlaces[] varied, SeriesKey key, int labels)
    {
        ParetoPoint[] all = PointsOf(table, key);
        ParetoPoint[] front = FrontOf(all);
        return new LinePanel
        {
            Title = key.Name.Length > 0 ? char.ToUpperInvariant(key.Name[0]) + key.Name[1..] : "Energy against time per output token",
            X = new FigureAxis { Label = "TPOT, mean (ms)", Scale = AxisScale.Log10 },
            Y = new FigureAxis { Label = EnergyLabel.Of("energy (J/token)", table), Scale = AxisScale.Log10 },
            Series =
            [
                new Series(
                    "every setting",
                    new SeriesStyle(FigureInk.Frame, 0, IsOpen: true, IsJoined: false),
                    [.. all.Select(point => Draw(point, label: null))]),
                new Series(
                    "no setting is better in both",
                    new SeriesStyle(Palette.Of(0)),
                    [
                        .. Labelled(front, all, labels).Zip(front, (isLabelled, point) =>
                            Draw(point, isLabelled ? NameOf(point, varied, labels) : null)),
                    ]),
            ],
        };
    }

    private static FigurePoint Draw(ParetoPoint point, string? label) =>
        new(1000 * point.Seconds, point.Joules, point.Row[Energy.Low], point.Row[Energy.High], label);

    private static ResultTable FrontTable(string artifact, ResultTable table, IReadOnlyList<GridAxis> settings) =>
        new Table<TableRow>($"{artifact}-front",
        [
            .. SeriesKey.SetupColumns.Cast<Column>().Union(settings).Select(table.Copy), .. Latency.Interval.Select(table.Copy),
            .. Energy.Interval.Select(table.Copy),
        ]).Of(KeysOf(table, settings).SelectMany(setup => FrontOf(PointsOf(table, setup))).Select(point => point.Row));

    /// <summary>The rows of a setup that have both a latency and an energy.</summary>
    private static ParetoPoint[] PointsOf(ResultTable table, SeriesKey setup) =>
        [.. from row in table.Rows
            where setup.Matches(row) && row[Latency.Mean] > 0 && row[Energy.Mean] > 0
            select new ParetoPoint(row, row[Latency.Mean]!.Value, row[Energy.Mean]!.Value)];

    private static ParetoPoint[] FrontOf(ParetoPoint[] points) =>
        [.. ParetoFront.Of([.. points.Select(point => (point.Seconds, point.Joules))]).Select(index => points[index])];

    /// <summary>Which points of a front carry a label. One that lies near the last one that does goes without.</summary>
    private static IEnumerable<bool> Labelled(ParetoPoint[] front, ParetoPoint[] all, int labels)
    {
        double width = Math.Log(all.Max(point => point.Seconds) / all.Min(point => point.Seconds));
        double height = Math.Log(all.Max(point => point.Joules) / all.Min(point => point.Joules));
        ParetoPoint? last = null;
        foreach ((int place, ParetoPoint point) in front.Index())
        {
            bool isNear = last is not null && Math.Log(point.Seconds / last.Seconds) <= NearShare * width
                && Math.Log(last.Joules / point.Joules) <= NearShare * height;
            bool isLabelled = !isNear && IsLabelled(place, front.Length, labels);
            last = isLabelled ? point : last;
            yield return isLabelled;
        }
    }

    // A few labels stay readable. Of a longer front the ends and every few between are named.
    private static bool IsLabelled(int index, int count, int labels)
    {
        int step = Math.Max(1, count / labels);
        return index == count - 1 || (index % step == 0 && count - 1 - index >= step);
    }

    // A short front has room for words; elsewhere the note says which number is which.
    private static string NameOf(ParetoPoint point, AxisPlaces[] varied, int labels) =>
        varied.Length <= MaxWords && labels == LabelledSteps
            ? string.Join(", ", varied.Select(axis => axis.InWords(axis.IndexOf(point.Row))))
            : string.Join(" / ", varied.Select(axis => axis.Names[axis.IndexOf(point.Row)]));

    /// <summary>An operating point as its latency and energy.</summary>
    private sealed record ParetoPoint(TableRow Row, double Seconds, double Joules);
}
