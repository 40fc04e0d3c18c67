using GreenServe.Analysis.Artifacts.Panels;
using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Grids;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Artifacts;

/// <summary>Figures of a cluster over the time of a run, from the samples of its record.</summary>
internal static class ClusterCourses
{
    private const double SecondsPerHour = 3600;

    // A longer run is shown in hours.
    private const double MaxSecondsInMinutes = 3 * SecondsPerHour;

    // Points of a curve: as many as a figure has room for.
    private const int MaxPoints = 240;

    // More curves hide each other, and more panels make a figure too long.
    private const int MaxCurves = 5;

    /// <summary>Power, clock, parallelism and instances of each policy.</summary>
    internal static RunCompanion Day { get; } = new(
        "policy-day-course",
        "A day under a control policy: what it turns",
        "What does each policy turn as the traffic rises and falls?",
        runs => OfCluster(
            runs,
            new Quantity("Unfinished requests", "requests", sample => sample.Requests),
            new Quantity("Power of the accelerators", "power (kW)", sample => sample.GpuWatts / 1000),
            new Quantity("Clock that is set, mean", "clock (MHz)", sample => sample.MeanClockMegahertz),
            new Quantity("Tensor parallelism, mean", "GPUs", sample => sample.MeanTensorParallelismGpus),
            new Quantity("Instances that serve", "instances", sample => sample.Instances),
            new Quantity("Accelerators that are on", "GPUs", sample => sample.GpusOn)));

    /// <summary>Each row's power over its budget.</summary>
    internal static RunCompanion RowPower { get; } = new(
        "row-power-course",
        "The power of a row against its budget, over time",
        "How near does each policy let a row come to its budget?",
        runs => new FigureContent(
            [.. Chosen(runs).SelectMany(RowPanels).Take(MaxCurves + 1)],
            Columns: 1,
            PanelHeight: 170,
            Note: "Highest one-second mean of accelerators and hosts in each stretch of time, and the budget at its end."));

    /// <summary>The hottest accelerator and the warmest inlet of each policy.</summary>
    internal static RunCompanion Temperatures { get; } = new(
        "temperatures-course",
        "Temperatures over time",
        "When does which policy come near its limits?",
        runs => OfCluster(
            runs,
            new Quantity("Hottest accelerator", "temperature (°C)", sample => sample.GpuCelsius) { TakesMax = true },
            new Quantity("Warmest inlet", "temperature (°C)", sample => sample.InletCelsius) { TakesMax = true },
            new Quantity("Power of the accelerators", "power (kW)", sample => sample.GpuWatts / 1000)));

    /// <summary>Power of each site beside the carbon intensity of its grid.</summary>
    internal static RunCompanion Sites { get; } = new(
        "carbon-sites-course",
        "Power and carbon of each site, over time",
        "Does the work go where and when the grid is clean?",
        runs => new FigureContent(
            [.. Chosen(runs).SelectMany(SitePanels)],
            Columns: 2,
            PanelHeight: 190,
            Note: "Left: power of the accelerators. Right: carbon intensity of the grid."));

    private static FigureContent OfCluster(IReadOnlyList<ExperimentRun> runs, params Quantity[] quantities)
    {
        (string Name, ClusterSample[] Samples)[] curves = [.. Chosen(runs).Select(run => (run.Name, SamplesOf(run.Run)))];
        return new FigureContent(
            [
                .. quantities.Select(quantity => PanelOf(quantity.Title, quantity.Label, curves.Select((curve, index) =>
                    SeriesOf(curve.Name, index, curve.Samples, quantity)))).OfType<LinePanel>(),
            ],
            Columns: 1,
            PanelHeight: 170,
            Note: "The first run of each policy. Each point is the mean of a stretch of time, of temperatures the maximum.");
    }

    private static IEnumerable<LinePanel> RowPanels(NamedRun run)
    {
        IReadOnlyList<ClusterSample> all = RunRecord.Read(run.Run.Folder).ClusterSamples;
        foreach (IGrouping<string, ClusterSample> row in all.Where(sample => sample.BudgetWatts is not null
            && sample.Scope != ClusterSample.Cluster).GroupBy(sample => sample.Scope))
        {
            ClusterSample[] samples = [.. row];
            Series?[] series =
            [
                SeriesOf("power", 0, samples, new Quantity("", "", sample => sample.MaxWatts / 1000) { TakesMax = true }),
                SeriesOf("budget", 1, samples, new Quantity("", "", sample => sample.BudgetWatts / 1000)),
            ];
            if (PanelOf($"{run.Name}, {row.Key}", "power (kW)", series) is { } panel)
            {
                yield return panel;
            }
        }
    }

    private static IEnumerable<LinePanel> SitePanels(NamedRun run)
    {
        ILookup<string, ClusterSample> sites = RunRecord.Read(run.Run.Folder).ClusterSamples
            .Where(sample => sample.GramsPerKilowattHour is not null).ToLookup(sample => sample.Scope);
        LinePanel?[] panels =
        [
            PanelOf(run.Name, "power (kW)", sites.Select((site, index) =>
                SeriesOf(site.Key, index, [.. site], new Quantity("", "", sample => sample.GpuWatts / 1000)))),
            PanelOf(run.Name, "carbon (gCO2e/kWh)", sites.Select((site, index) =>
                SeriesOf(site.Key, index, [.. site], new Quantity("", "", sample => sample.GramsPerKilowattHour)))),
        ];
        return panels.OfType<LinePanel>();
    }

    /// <summary>The first valid run of each policy, in the order of the policies.</summary>
    private static IEnumerable<NamedRun> Chosen(IReadOnlyList<ExperimentRun> runs) => runs
        .Where(run => run.Metrics.IsValid)
        .DistinctBy(NameOf)
        .OrderBy(run => KnownOrder.Rank(NameOf(run)) ?? KnownOrder.Last)
        .Take(MaxCurves)
        .Select(run => new NamedRun(NameOf(run), run));

    private static string NameOf(ExperimentRun run) => run.Metrics.Manifest.Policy?.Name ?? "no policy";

    /// <summary>The samples of the whole cluster.</summary>
    private static ClusterSample[] SamplesOf(ExperimentRun run) =>
        [.. RunRecord.Read(run.Folder).ClusterSamples.Where(sample => sample.Scope == ClusterSample.Cluster)];

    /// <summary>A panel over time; <c>null</c> where no sample has the quantity.</summary>
    private static LinePanel? PanelOf(string title, string label, IEnumerable<Series?> series)
    {
        Series[] known = [.. series.OfType<Series>()];
        if (known.Length == 0)
        {
            return null;
        }

        bool isLong = known.Max(one => one.Points[^1].X) > MaxSecondsInMinutes;
        double factor = isLong ? SecondsPerHour : 60;
        return new LinePanel
        {
            Title = title,
            X = new FigureAxis { Label = isLong ? "time (h)" : "time (min)", FromZero = true },
            Y = new FigureAxis { Label = label, FromZero = true },
            Series = [.. known.Select(one => one with { Points = [.. one.Points.Select(point => point with { X = point.X / factor })] })],
        };
    }

    /// <summary>A curve of at most <see cref="MaxPoints"/> points; <c>null</c> where no sample has the quantity.</summary>
    private static Series? SeriesOf(string name, int index, ClusterSample[] samples, Quantity quantity)
    {
        int stride = (samples.Length + MaxPoints - 1) / MaxPoints;
        FigurePoint[] points = [.. samples.Chunk(Math.Max(1, stride))
            .Select(chunk => (chunk[^1].Seconds, Values: chunk.Select(quantity.Read).OfType<double>().ToArray()))
            .Where(chunk => chunk.Values.Length > 0)
            .Select(chunk => new FigurePoint(chunk.Seconds, quantity.TakesMax ? chunk.Values.Max() : chunk.Values.Average()))];
        return points.Length == 0 ? null : new Series(name, new SeriesStyle(Palette.Of(index), index, HasMarkers: false), points);
    }

    /// <summary>Something that samples tell, and how a figure shows it.</summary>
    /// <param name="Title">Title of its panel.</param>
    /// <param name="Label">Label of the vertical axis, with the unit.</param>
    /// <param name="Read">Takes it from a sample.</param>
    private sealed record Quantity(string Title, string Label, Func<ClusterSample, double?> Read)
    {
        /// <summary>Whether a point shows the maximum of its samples. Otherwise it shows their mean.</summary>
        internal bool TakesMax { get; init; }
    }
}
