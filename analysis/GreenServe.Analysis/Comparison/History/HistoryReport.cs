using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Figures.Drawing;
using GreenServe.Analysis.Metrics;
using GreenServe.Analysis.Statistics;
using GreenServe.Analysis.Tables;
using GreenServe.Records;

namespace GreenServe.Analysis.Comparison.History;

/// <summary>Writes the trend charts and the change points of a history.</summary>
public static class HistoryReport
{
    // A panel has room for this many labels beside each other, each of this many letters.
    private const int MaxShownLabels = 5;
    private const int MaxLabelLength = 9;

    private static readonly string[] Shown =
        ["joules_per_output_token", "mean_watts", "output_tokens_per_second", "ttft_p50_seconds", "tpot_mean_seconds", "e2e_p99_seconds"];

    /// <summary>The metrics that a trend chart shows unless others are asked for.</summary>
    public static IReadOnlyList<MetricDefinition> Metrics { get; } = [.. Shown.Select(MetricCatalog.Of)];

    /// <summary>Writes <c>history.csv</c> and, for each series, <c>history-N.png</c> and <c>history-N.svg</c>.</summary>
    /// <param name="trends">The trends, from <see cref="HistoryTrend.Of"/>.</param>
    /// <param name="folder">Folder to write into; it is created if it is missing.</param>
    /// <returns>The names of the files written.</returns>
    public static IReadOnlyList<string> Write(IReadOnlyList<HistoryTrend> trends, string folder)
    {
        OutputFolder.Create(folder);
        List<string> files = ["history.csv"];
        TableFile.Write(Path.Combine(folder, files[0]), TableOf(trends));
        foreach ((int index, IGrouping<string, HistoryTrend> series) in trends.GroupBy(trend => trend.Series).Index())
        {
            Figure figure = FigureOf(series.Key, [.. series]);
            byte[] png = FigureRenderer.Png(figure);
            OutputFile.Replace(Path.Combine(folder, $"history-{index + 1}.png"), stream => stream.Write(png));
            OutputFile.Replace(Path.Combine(folder, $"history-{index + 1}.svg"), FigureRenderer.Svg(figure));
            files.AddRange([$"history-{index + 1}.png", $"history-{index + 1}.svg"]);
        }

        return files;
    }

    /// <summary>The chart of one series, with a panel for each metric and with change points marked by their size.</summary>
    /// <param name="series">Name of the series.</param>
    /// <param name="trends">The trends of the series, one for each metric.</param>
    public static Figure FigureOf(string series, IReadOnlyList<HistoryTrend> trends)
    {
        Panel[] panels = [.. trends.Select(PanelOf)];
        return new Figure
        {
            Title = "History",
            Subtitle = series,
            Note = "Error bars: 95 % Student t interval between the repetitions of a label. "
                + "Diamonds: a new level begins (1 % permutation test).",
            Panels = panels,
            TextAlternative = FigureDescription.Of(panels),
        };
    }

    private static LinePanel PanelOf(HistoryTrend trend)
    {
        double factor = trend.Metric.Unit == "s" ? 1000 : 1;
        string unit = trend.Metric.Unit == "s" ? "ms" : trend.Metric.Unit;
        FigurePoint[] points = [.. trend.Means.Select(
            (mean, index) => new FigurePoint(index, mean.Mean * factor, mean.Low * factor, mean.High * factor))];
        FigurePoint[] changes = [.. trend.Changes.Select(
            (at, change) => points[at] with { Low = null, High = null, Label = $"{100 * trend.ChangeRatio(change):+0.0;-0.0} %" })];
        return new LinePanel
        {
            Title = trend.Metric.Title,
            X = new FigureAxis { Label = "label", Scale = AxisScale.Category, Categories = Thinned(trend.Labels) },
            Y = new FigureAxis { Label = unit, FromZero = true },
            Series =
            [
                new Series("", new SeriesStyle(Palette.Of(0)), points),
                new Series("new level", new SeriesStyle(Palette.Of(1), Marker: 3, IsJoined: false), changes),
            ],
        };
    }

    /// <summary>As many labels as fit beside each other, shortened where they are long. The others are empty.</summary>
    private static string[] Thinned(IReadOnlyList<string> labels)
    {
        static string Shortened(string label) => label.Length > MaxLabelLength ? label[..(MaxLabelLength - 1)] + "…" : label;
        int step = Math.Max(1, (labels.Count + MaxShownLabels - 1) / MaxShownLabels);
        return [.. labels.Select((label, index) => index % step == 0 ? Shortened(label) : "")];
    }

    private static ResultTable TableOf(IReadOnlyList<HistoryTrend> trends) => new Table<HistoryRow>("history",
    [
        new TextColumn("series").From<HistoryRow>(row => row.Trend.Series),
        new TextColumn("metric").From<HistoryRow>(row => row.Trend.Metric.Name),
        new TextColumn("unit").From<HistoryRow>(row => row.Trend.Metric.Unit),
        new TextColumn("label").From<HistoryRow>(row => row.Trend.Labels[row.Place]),
        new NumberColumn("repetitions").From<HistoryRow>(row => row.Mean.Count),
        new NumberColumn("mean").From<HistoryRow>(row => row.Mean.Mean),
        new NumberColumn("low").From<HistoryRow>(row => row.Mean.Low),
        new NumberColumn("high").From<HistoryRow>(row => row.Mean.High),
        new NumberColumn("new_level").From<HistoryRow>(row => row.Change is null ? 0 : 1),
        new NumberColumn("change_ratio").From<HistoryRow>(row => row.Change is { } change ? row.Trend.ChangeRatio(change) : null),
    ]).Of(trends.SelectMany(trend => trend.Labels.Select((_, place) => new HistoryRow(trend, place))));

    /// <summary>A row of the history's table: one label of a trend.</summary>
    private sealed record HistoryRow(HistoryTrend Trend, int Place)
    {
        internal MeanInterval Mean => Trend.Means[Place];

        /// <summary>The change that begins here, as its position in the trend's changes; <c>null</c> where none does.</summary>
        internal int? Change => Trend.Changes.Contains(Place) ? Trend.Changes.Index().First(pair => pair.Item == Place).Index : null;
    }
}
