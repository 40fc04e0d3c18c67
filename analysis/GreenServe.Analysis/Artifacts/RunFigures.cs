using GreenServe.Analysis.Artifacts.Panels;
using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Metrics;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Artifacts;

/// <summary>Figures of runs that belong to no experiment: latency distributions, where the energy went, power over time.</summary>
internal static class RunFigures
{
    /// <summary>Name of the figure of distributions and energy.</summary>
    internal const string Name = "runs";

    /// <summary>Name of the figure of power over time.</summary>
    internal const string PowerName = "runs-power";

    /// <summary>Name and titles of the figure of distributions and energy.</summary>
    internal static ArtifactTitle DistributionsTitle { get; } =
        new(Name, "Runs", "How fast were the requests served, and where did the energy go?");

    /// <summary>Name and titles of the figure of power over time.</summary>
    internal static ArtifactTitle PowerTitle { get; } = new(PowerName, "Power over time", "What did each phase of a run draw?");

    // More series than colours, or more panels than a page, say nothing.
    private const int MaxRuns = 8;
    private const int MaxPowerPanels = 4;

    // Longer names of runs would touch under the bars.
    private const int MaxNameLength = 10;

    /// <summary>Distributions of latencies of the first runs, and where the energy of their windows went.</summary>
    internal static FigureContent Distributions(IReadOnlyList<ExperimentRun> runs)
    {
        ExperimentRun[] shown = [.. runs.Take(MaxRuns)];
        FigureContent latencies = Latencies(Named(shown));
        string more = runs.Count > MaxRuns ? $"The first {MaxRuns} of {runs.Count} runs; the table has all." : "";
        return latencies with { Panels = [.. latencies.Panels, EnergyParts(shown)], Note = $"{latencies.Note} {more}".Trim() };
    }

    /// <summary>Distributions of the latencies of some runs under given names.</summary>
    internal static FigureContent Latencies(NamedRun[] runs)
    {
        return new FigureContent(
            [
                Curves("TTFT of requests", runs, latencies => latencies.Ttft),
                Curves("TPOT of requests", runs, latencies => latencies.Tpot),
                Curves("E2E of requests", runs, latencies => latencies.E2e),
            ],
            Note: "Share of completed requests of one run at or below a latency.");
    }

    /// <summary>Power over the time of the first runs.</summary>
    internal static FigureContent Power(IReadOnlyList<ExperimentRun> runs) => Power(Named([.. runs.Take(MaxPowerPanels)]));

    /// <summary>Power over the time of some runs under given names.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="maxSeconds">Time from the beginning of each run that is shown (s).</param>
    internal static FigureContent Power(NamedRun[] runs, double maxSeconds = double.PositiveInfinity)
    {
        LinePanel[] panels =
        [
            .. runs.Select(run => PowerTrace.PanelOf(run.Name, RunRecord.Read(run.Run.Folder), run.Run.Metrics, maxSeconds))
                .OfType<LinePanel>(),
        ];
        string shown = double.IsFinite(maxSeconds) ? $" At most the first {NumberText.Short(maxSeconds)} s of a run are shown." : "";
        return new FigureContent(
            panels,
            Columns: 1,
            PanelHeight: 240,
            Note: "Stretches are shaded by the phase that took most of their time; a step of the curve is a mean, measured ones of "
                + $"instant power where it is read.{shown}");
    }

    private static NamedRun[] Named(ExperimentRun[] runs) => [.. runs.Select(run => new NamedRun(run.Name, run))];

    private static LinePanel Curves(string title, NamedRun[] runs, Func<Latencies, LatencySummary?> latency) => new()
    {
        Title = title,
        X = new FigureAxis { Label = $"{title.Split(' ')[0]} (ms)", Scale = AxisScale.Log10 },
        Y = new FigureAxis { Label = "share of requests", FromZero = true, Ticks = [0, 0.25, 0.5, 0.75, 1] },
        Series = [.. runs.Select((run, index) => new Series(
            run.Name,
            new SeriesStyle(Palette.Of(index), index, HasMarkers: false),
            Curve(latency(run.Run.Metrics.Latencies)?.CurveSeconds ?? [])))],
    };

    private static FigurePoint[] Curve(IReadOnlyList<double> seconds) =>
        [.. seconds.Select((value, point) => new FigurePoint(1000 * value, LatencySummary.CurveShare(point)))];

    private static BarPanel EnergyParts(ExperimentRun[] runs)
    {
        List<Series> series = [];
        double[] tops = new double[runs.Length];
        foreach (string name in TokenEnergy.Names)
        {
            List<FigurePoint> points = [];
            foreach ((int place, ExperimentRun run) in runs.Index())
            {
                double joules = run.Metrics.Breakdown?.Parts.Where(part => part.Name == name).Sum(part => part.Joules) ?? 0;
                if (joules != 0)
                {
                    points.Add(new FigurePoint(place, (tops[place] + joules) / 1000, Base: tops[place] / 1000));
                    tops[place] += joules;
                }
            }

            if (points.Count > 0)
            {
                series.Add(new Series(name, new SeriesStyle(PhaseColors.Of(name)), points));
            }
        }

        return new BarPanel
        {
            Title = "Energy of the window by part",
            X = new FigureAxis { Label = "run", Scale = AxisScale.Category, Categories = [.. runs.Select(run => Shortened(run.Name))] },
            Y = new FigureAxis { Label = "energy (kJ)", FromZero = true },
            Series = series,
            IsStacked = true,
            HasValues = false,
        };
    }

    private static string Shortened(string name) => name.Length > MaxNameLength ? name[..(MaxNameLength - 1)] + "…" : name;
}
