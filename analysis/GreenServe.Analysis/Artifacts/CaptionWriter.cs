using GreenServe.Analysis.Artifacts.Panels;
using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Metrics;
using GreenServe.Analysis.Tables;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Artifacts;

/// <summary>Gathers captions from runs and puts them in words.</summary>
internal static class CaptionWriter
{
    // More names than this are counted instead of listed.
    private const int MaxNames = 3;

    // More setups than this are not told one by one under the title.
    private const int MaxSetups = 2;

    // More seeds than this are cut off with "..".
    private const int MaxSeeds = 12;

    /// <summary>The caption of a figure of some runs.</summary>
    /// <param name="title">What the figure is called.</param>
    /// <param name="runs">The runs behind it; at least one.</param>
    /// <param name="tables">Its tables, the main one first.</param>
    /// <param name="content">Its panels.</param>
    internal static ArtifactCaption Build(
        ArtifactTitle title, IReadOnlyList<ExperimentRun> runs, IReadOnlyList<ResultTable> tables, FigureContent content)
    {
        Panel[] panels = [.. content.Panels.Where(panel => panel is { IsEmpty: false } and not BarPanel { IsZero: true })];
        string errorBars = tables.Count == 0 ? "" : ErrorBars(tables[0], panels);
        string errorBand = ErrorBand(runs, panels, tables);
        string extreme = panels.OfType<LinePanel>().SelectMany(panel => panel.Series).Any(series => !series.IsListed)
            ? $"Dashed lines and open marks: {PanelBuilder.Extreme}; the others: p50 or mean." : "";
        string[] points = PointKinds(panels);
        string kinds = points.Length > 0 ? $"Lines are simulated, single points are {string.Join(" or ", points)}." : "";
        return new ArtifactCaption
        {
            Name = title.Name,
            Title = title.Title,
            Question = title.Question,
            Evidence = Distinct(runs, run => EnumText.Of(run.Metrics.Manifest.Evidence)),
            Systems = Systems(runs),
            Models = Distinct(runs, run => $"{run.Metrics.Manifest.Model} ({KnobText.PrecisionInWords(run.Metrics.Manifest.Knobs)})"),
            Engines = Distinct(runs, run => run.Engine),
            Workloads = Distinct(runs, run => run.Metrics.Manifest.WorkloadName),
            WorkloadHashes = Distinct(runs, run => run.Metrics.Manifest.WorkloadSha256),
            Seeds = [.. runs.Select(run => run.Metrics.Manifest.Seed).Distinct().Order()],
            Runs = runs.Count,
            InvalidRuns = runs.Count(run => !run.Metrics.IsValid),
            ErrorBars = errorBars,
            Energy = Energy(runs),
            HostScaling = HostScaling(runs),
            Windows = Distinct(runs, run => run.Metrics.Window?.Rule ?? $"none: {run.Metrics.NoWindowReason}"),
            SuiteVersions = Distinct(runs, run => run.Metrics.Manifest.Environment.SuiteVersion),
            Tables = [.. tables.Select(table => $"{table.Name}.csv")],
            Figure = new Figure
            {
                Title = title.Title,
                Subtitle = Subtitle(runs),
                Note = string.Join(
                    ' ',
                    new[]
                    {
                        errorBars, errorBand, kinds, extreme, content.Note, FigureNote.Zeros(content.Panels),
                        FigureNote.Workload(runs), FigureNote.Glossary(panels, runs),
                    }.Where(text => text.Length > 0)),
                Panels = panels,
                Columns = content.Columns,
                PanelHeight = content.PanelHeight,
                TextAlternative = FigureDescription.Of(panels),
            },
        };
    }

    /// <summary>
    /// The text under the title of the figure. For each evidence kind it says which system served which model with which engine.
    /// </summary>
    internal static string Subtitle(IReadOnlyList<ExperimentRun> runs) => string.Join("   |   ", runs
        .GroupBy(run => run.Metrics.Manifest.Evidence).OrderBy(group => EnumText.Of(group.Key), StringComparer.Ordinal)
        .Select(group => $"{EnumText.Of(group.Key).ToUpperInvariant()}  ·  {SetupsOf([.. group])}"));

    // Where there are few, each system stands with the model and the engine that it had.
    private static string SetupsOf(ExperimentRun[] runs)
    {
        ExperimentRun[][] setups = [.. runs.GroupBy(run => (run.System, run.Metrics.Manifest.Model, run.Engine))
            .OrderBy(group => group.Key.System, StringComparer.Ordinal).ThenBy(group => group.Key.Model, StringComparer.Ordinal)
            .Select(group => group.ToArray())];
        return setups.Length <= MaxSetups
            ? string.Join("   and   ", setups.Select(InWords))
            : InWords(runs);
    }

    private static string InWords(ExperimentRun[] runs) => string.Join("  ·  ", new[]
    {
        Few(Systems(runs), "systems"),
        Few(Distinct(runs, run => run.Metrics.Manifest.Model), "models"),
        Few(Distinct(runs, run => run.Engine), "engines"),
    }.Where(part => part.Length > 0));

    /// <summary>Hardware with how much of it served: <c>2 to 8 of 8 x H100-80GB-SXM</c>; without that where all of it did.</summary>
    internal static IReadOnlyList<string> Systems(IReadOnlyList<ExperimentRun> runs) => [.. runs
        .GroupBy(run => run.System).OrderBy(group => group.Key, StringComparer.Ordinal)
        .Select(group =>
        {
            RunManifest manifest = group.First().Metrics.Manifest;
            int whole = manifest.System?.GpuCount ?? manifest.Environment.Gpus.Count;
            int[] used = [.. group.Select(run => run.Metrics.Manifest.GpusUsed ?? whole).Distinct().Order()];
            return used.Length == 0 || (used.Length == 1 && used[0] == whole) ? group.Key
                : used.Length == 1 ? $"{used[0]} of {group.Key}"
                : $"{used[0]} to {used[^1]} of {group.Key}";
        })];

    /// <summary>Explains the error bars, and says how many requests stand behind a point.</summary>
    internal static string ErrorBars(ResultTable table, IReadOnlyList<Panel> panels)
    {
        double[] requests = table.Has(GridColumns.RequestsMeasured)
            ? [.. table.Numbers(GridColumns.RequestsMeasured).Where(count => count > 0)]
            : [];
        string explained = ErrorBars(RepetitionsOf(table), panels);
        return requests.Length == 0 || explained.Length == 0 ? explained : $"{explained} {RequestsOfAPoint(requests)}";
    }

    private static string RequestsOfAPoint(double[] requests)
    {
        string range = requests.Min() == requests.Max()
            ? TailText.Count(requests.Min())
            : $"{TailText.Count(requests.Min())} to {TailText.Count(requests.Max())}";
        string warning = requests.Min() < TailText.MinRequests
            ? $"; a 99th percentile needs {TailText.Count(TailText.MinRequests)}" : "";
        return $"Behind the latencies of a point stand {range} requests{warning}.";
    }

    private static string ErrorBars(double[] repetitions, IReadOnlyList<Panel> panels)
    {
        double[] counts = [.. repetitions.Where(count => count > 0).Distinct().Order()];
        bool isSingle = counts.Length == 0 || counts[^1] < 2;
        if (repetitions.Length == 0 || panels.All(panel => panel is BarPanel { IsStacked: true }))
        {
            return "";
        }

        if (panels.All(panel => panel is HeatPanel))
        {
            return isSingle ? "Each cell is one run." : $"Each cell is the mean of {Range(counts)} runs; intervals stand in the table.";
        }

        return isSingle
            ? "No error bars: one run a point says nothing about the next."
            : $"Error bars: 95 % Student t interval of the mean between {Range(counts)} runs a point, each with its own seed.";
    }

    /// <summary>Explains the error band of simulated numbers, drawn or not; empty where no run states one.</summary>
    private static string ErrorBand(
        IReadOnlyList<ExperimentRun> runs, IReadOnlyList<Panel> panels, IReadOnlyList<ResultTable> tables)
    {
        ErrorBands? bands = runs.Select(run => run.Metrics.Manifest.ErrorBands).FirstOrDefault(bands => bands is not null);
        LinePanel[] lines = [.. panels.OfType<LinePanel>()];
        if (bands is null || lines.Length == 0)
        {
            return "";
        }

        string share = FormattableString.Invariant($"{bands.Share:0 %}");
        if (lines.SelectMany(panel => panel.Series).SelectMany(series => series.Points).Any(point => point.BandLow is not null))
        {
            return $"Shaded: where {share} of measured means or medians would lie, by the simulator's errors on {bands.Source}.";
        }

        string place = tables.SelectMany(table => table.Columns).Any(MetricColumn.IsBandLow)
            ? "table in columns _band_low and _band_high"
            : "record of each run";
        return $"The error band of simulated numbers, where {share} of measured means or medians would lie, stands in the {place}.";
    }

    /// <summary>
    /// Explains scope and source of the joules, separately for each evidence kind, what carbon and cost cover, and the power of the host.
    /// </summary>
    internal static string Energy(IReadOnlyList<ExperimentRun> runs)
    {
        IGrouping<EvidenceKind, ExperimentRun>[] kinds = [.. runs.GroupBy(run => run.Metrics.Manifest.Evidence)
            .OrderBy(group => EnumText.Of(group.Key), StringComparer.Ordinal)];
        IEnumerable<string> energy = kinds.Select(kind => EnergyOf([.. kind], kinds.Length > 1 ? $" ({EnumText.Of(kind.Key)})" : ""));
        string[] prices = [.. runs.Select(run => run.Metrics.Costs?.Prices.InWords).OfType<string>().Distinct()];
        return string.Join(' ', energy.Concat(prices).Concat(HostPowerOf(runs)));
    }

    private static IEnumerable<string> HostPowerOf(IReadOnlyList<ExperimentRun> runs)
    {
        string[] scopes = [.. runs.Select(run => HostPower.ScopeOf(run.Metrics)).OfType<MeterScope>().Distinct().Select(EnumText.Of)];
        return scopes.Length == 0 ? [] : [$"Power of the host ({string.Join(", ", scopes)} scope) is never added to the joules."];
    }

    private static string EnergyOf(ExperimentRun[] runs, string kind)
    {
        RunEnergy[] energies = [.. runs.Select(run => run.Metrics.Energy).Where(energy => energy.Source is not null)];
        if (energies.Length == 0)
        {
            return $"Energy{kind} not measured: {runs[0].Metrics.Energy.Joules.NotMeasured}.";
        }

        IEnumerable<string> kinds = energies.Select(energy => $"{EnumText.Of(energy.Scope!.Value)} scope, {SourceText(energy)}").Distinct();
        double? error = energies.Max(energy => energy.Joules.ErrorBound / energy.Joules.Value);
        string missing = runs.FirstOrDefault(run => run.Metrics.Energy.Source is null) is { Metrics.Energy.Joules.NotMeasured: var reason }
            ? $" {runs.Length - energies.Length} of {runs.Length} runs have no energy: {reason}."
            : "";
        return $"Joules{kind}: {string.Join("; ", kinds)}." + (error is > 0 ? $" Measurement error at most {error:0.0 %}." : "") + missing;
    }

    internal static string Markdown(ArtifactCaption caption, IReadOnlyList<ResultTable> tables)
    {
        string seeds = string.Join(' ', caption.Seeds.Take(MaxSeeds)) + (caption.Seeds.Count > MaxSeeds ? " .." : "");
        return $"""
            # {MarkdownText.Escape(caption.Title)}

            {MarkdownText.Escape(caption.Question)}

            - Evidence: **{string.Join(", ", caption.Evidence)}**
            - Hardware: {MarkdownText.Escape(string.Join(", ", caption.Systems))}
            - Model: {MarkdownText.Escape(string.Join(", ", caption.Models))}
            - Engine: {MarkdownText.Escape(string.Join(", ", caption.Engines))}
            - Workload: {MarkdownText.Escape(string.Join(", ", caption.Workloads))}; seeds {seeds}
            - Runs: {caption.Runs}, of which {caption.InvalidRuns} invalid and left out
            - {MarkdownText.Escape(caption.ErrorBars)}
            - {MarkdownText.Escape(caption.Energy)}{HostScalingLine(caption)}
            - Window: {MarkdownText.Escape(string.Join("; ", caption.Windows))}
            - Tables: {string.Join(", ", caption.Tables.Select(table => $"[{table}]({table})"))}

            {MarkdownText.Escape(caption.Figure.TextAlternative)}

            {(tables.Count > 0 && TableText.CanShow(tables[0]) ? TableText.Markdown(tables[0]) : "")}
            """.ReplaceLineEndings("\n");
    }

    private static string HostScalingLine(ArtifactCaption caption) =>
        caption.HostScaling is { } scaling ? $"\n- Host: {MarkdownText.Escape(string.Join("; ", scaling))}" : "";

    private static IReadOnlyList<string>? HostScaling(IReadOnlyList<ExperimentRun> runs) =>
        runs.Any(run => run.Metrics.Manifest.HostScaling is not null)
            ? Distinct([.. runs.Where(run => run.Metrics.Manifest.HostScaling is not null)], run => run.Metrics.Manifest.HostScaling!)
            : null;

    internal static IReadOnlyList<string> Distinct(IReadOnlyList<ExperimentRun> runs, Func<ExperimentRun, string> read) =>
        [.. runs.Select(read).Distinct().Order(StringComparer.Ordinal)];

    // A table of points or of single runs has no repetitions.
    private static double[] RepetitionsOf(ResultTable table) =>
        table.Has(GridColumns.Repetitions) ? [.. table.Numbers(GridColumns.Repetitions)] : [];

    // As SeriesKey draws them: the kinds whose points stand in one panel with simulated lines; empty where there are no such lines.
    private static string[] PointKinds(IReadOnlyList<Panel> panels)
    {
        Series[] series = [.. panels.OfType<LinePanel>().SelectMany(panel => panel.Series)];
        bool Names(Series one, EvidenceKind kind) => one.Name.Contains(EnumText.Of(kind), StringComparison.Ordinal);
        bool hasLines = series.Any(one => Names(one, EvidenceKind.Simulated) && one.Style is { IsJoined: true, HasMarkers: false });
        EvidenceKind[] kinds = [EvidenceKind.Measured, EvidenceKind.Estimated];
        return [.. kinds.Where(kind => hasLines && series.Any(one => Names(one, kind) && !one.Style.IsJoined)).Select(EnumText.Of)];
    }

    private static string SourceText(RunEnergy energy) => energy.Source switch
    {
        EnergySource.Counter => "energy counter",
        EnergySource.AveragedPower => "integral of averaged power",
        _ => "power model of the simulator, summed over engine steps",
    } + (energy.IsEstimated && energy.Source != EnergySource.Steps ? " (estimated by a model)" : "");

    private static string Few(IReadOnlyList<string> names, string plural) =>
        names.Count <= MaxNames ? string.Join(", ", names) : $"{names.Count} {plural}";

    private static string Range(double[] counts) => counts.Length == 1 ? $"{counts[0]}" : $"{counts[0]} to {counts[^1]}";
}

/// <summary>Name and titles of a figure.</summary>
/// <param name="Name">Name in kebab-case: the name of its files.</param>
/// <param name="Title">Title for people.</param>
/// <param name="Question">The question it answers, in a sentence.</param>
internal sealed record ArtifactTitle(string Name, string Title, string Question);
