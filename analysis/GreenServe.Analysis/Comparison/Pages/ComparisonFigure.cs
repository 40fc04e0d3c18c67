using GreenServe.Analysis.Artifacts;
using GreenServe.Analysis.Artifacts.Panels;
using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Metrics;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Comparison.Pages;

/// <summary>A figure in which every set has series of its own.</summary>
/// <param name="Name">Name in kebab-case: the name of its files.</param>
/// <param name="Question">The question it answers, in a sentence.</param>
/// <param name="Drawing">The figure.</param>
/// <param name="Table">Everything that is drawn.</param>
internal sealed record ComparisonFigure(string Name, string Question, Figure Drawing, ResultTable Table)
{
    // More curves than this hide each other.
    private const int MaxRunsOfSet = 5;

    /// <summary>The figures of a comparison: along each axis of each experiment, and distributions of runs outside experiments.</summary>
    internal static IReadOnlyList<ComparisonFigure> AllOf(IReadOnlyList<ComparedSet> sets) =>
        [.. OverlaidGrids.FiguresOf(sets), .. Distributions(sets)];

    /// <summary>A figure with the words that no copy of it may lose.</summary>
    internal static ComparisonFigure Of(
        string name, string title, string question, IReadOnlyList<ComparedSet> sets, FigureContent content, ResultTable? table = null)
    {
        Figure drawing = new()
        {
            Title = title,
            Subtitle = string.Join("   |   ", sets.Select(SubtitleOf)),
            Note = content.Note,
            Panels = content.Panels,
            Columns = content.Columns,
            PanelHeight = content.PanelHeight,
            TextAlternative = FigureDescription.Of(content.Panels),
        };
        return new ComparisonFigure(name, question, drawing, table ?? FigureTable.Of(name, content.Panels));
    }

    private static string SubtitleOf(ComparedSet set)
    {
        string Distinct(Func<ExperimentRun, string> read) => string.Join(", ", CaptionWriter.Distinct(set.Runs, read));
        return $"{set.Label}: {Distinct(run => run.System)}  ·  {Distinct(run => run.Metrics.Manifest.Model)}  ·  "
            + Distinct(run => run.Engine);
    }

    private static IEnumerable<ComparisonFigure> Distributions(IReadOnlyList<ComparedSet> sets)
    {
        (ComparedSet Set, ExperimentRun[] Runs)[] shown =
        [
            .. sets.Select(set => (set, set.Runs.Where(run => run.Metrics is { IsValid: true, Manifest.Experiment: null }).ToArray()))
                .Where(set => set.Item2.Length > 0),
        ];
        LinePanel[] panels =
        [
            .. new (string Name, Func<Latencies, LatencySummary?> Read)[]
            {
                ("TTFT", latencies => latencies.Ttft), ("TBT", latencies => latencies.Tbt), ("E2E", latencies => latencies.E2e),
            }.Select(latency => Curves(latency.Name, shown, latency.Read)).Where(panel => panel.Series.Count > 0),
        ];
        if (shown.Length < 2 || panels.Length == 0)
        {
            yield break;
        }

        bool isCut = Array.Exists(shown, set => set.Runs.Length > MaxRunsOfSet);
        yield return Of(
            "comparison-distributions",
            "Latencies of each set",
            "How are the latencies of the requests distributed in each set?",
            [.. shown.Select(set => set.Set)],
            new FigureContent(
                panels,
                Note: "Share of completed requests of one run at or below a latency, a curve a run."
                    + (isCut ? $" The first {MaxRunsOfSet} runs of each set are drawn." : "")));
    }

    private static LinePanel Curves(
        string name, (ComparedSet Set, ExperimentRun[] Runs)[] sets, Func<Latencies, LatencySummary?> latency) => new()
        {
            Title = $"{name} of {WhatHas(name)}",
            X = new FigureAxis { Label = $"{name} (ms)", Scale = AxisScale.Log10 },
            Y = new FigureAxis { Label = $"share of {WhatHas(name)}", FromZero = true, Ticks = [0, 0.25, 0.5, 0.75, 1] },
            Series =
        [
            .. sets.Index().SelectMany(set => set.Item.Runs.Take(MaxRunsOfSet)
                .Select(run => latency(run.Metrics.Latencies)?.CurveSeconds ?? [])
                .Select(curve => new Series(
                    set.Item.Set.Label,
                    new SeriesStyle(Palette.Of(set.Index), set.Index, HasMarkers: false),
                    [.. curve.Select((value, point) => new FigurePoint(1000 * value, LatencySummary.CurveShare(point)))])))
                .Where(series => series.Points.Count > 0 && series.Points.All(point => point.X > 0)),
        ],
        };

    private static string WhatHas(string latency) => latency == "TBT" ? "tokens" : "requests";
}
