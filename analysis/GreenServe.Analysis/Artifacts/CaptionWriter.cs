using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Metrics;
using GreenServe.Analysis.Tables;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Artifacts;

/// <summary>Gathers captions from runs and puts them in words.</summary>
internal static class CaptionWriter
{
    /// <summary>The caption of a figure of some runs.</summary>
    internal static ArtifactCaption Build(
        string name, string title, string question, IReadOnlyList<ExperimentRun> runs, IReadOnlyList<ResultTable> tables, FigureContent content)
    {
        string errorBars = ErrorBars(
            [.. Enumerable.Range(0, tables[0].Rows.Count).Select(row => tables[0].Number(row, "repetitions")).OfType<double>()], content.Panels);
        return new ArtifactCaption
        {
            Name = name,
            Title = title,
            Question = question,
            Evidence = Distinct(runs, run => EnumText.Of(run.Metrics.Manifest.Evidence)),
            Systems = Distinct(runs, run => run.System),
            Models = Distinct(runs, run => $"{run.Metrics.Manifest.Model} ({EnumText.Of(run.Metrics.Manifest.Knobs.Precision)})"),
            Engines = Distinct(runs, EngineOf),
            Workloads = Distinct(runs, run => run.Metrics.Manifest.WorkloadName),
            WorkloadHashes = Distinct(runs, run => run.Metrics.Manifest.WorkloadSha256),
            Seeds = [.. runs.Select(run => run.Metrics.Manifest.Seed).Distinct().Order()],
            Runs = runs.Count,
            InvalidRuns = runs.Count(run => !run.Metrics.IsValid),
            ErrorBars = errorBars,
            Energy = Energy(runs),
            Windows = Distinct(runs, run => run.Metrics.Window?.Rule ?? $"none: {run.Metrics.NoWindow}"),
            SuiteVersions = Distinct(runs, run => run.Metrics.Manifest.Environment.SuiteVersion),
            Tables = [.. tables.Select(table => $"{table.Name}.csv")],
            Figure = new Figure
            {
                Title = title,
                Subtitle = Subtitle(runs),
                Note = string.Join(' ', new[] { errorBars, content.Note }.Where(text => text.Length > 0)),
                Panels = content.Panels,
                Columns = content.Columns,
                PanelHeight = content.PanelHeight,
                TextAlternative = FigureDescription.Of(content.Panels),
            },
        };
    }

    /// <summary>What stands under the title of the figure.</summary>
    internal static string Subtitle(IReadOnlyList<ExperimentRun> runs)
    {
        string evidence = string.Join(" and ", Distinct(runs, run => EnumText.Of(run.Metrics.Manifest.Evidence))).ToUpperInvariant();
        string[] parts =
        [
            evidence,
            Few(Distinct(runs, run => run.System), "systems"),
            Few(Distinct(runs, run => run.Metrics.Manifest.Model), "models"),
            Few(Distinct(runs, EngineOf), "engines"),
        ];
        return string.Join("  ·  ", parts.Where(part => part.Length > 0));
    }

    /// <summary>What the error bars mean, from the numbers of repetitions.</summary>
    internal static string ErrorBars(IReadOnlyList<double> repetitions, IReadOnlyList<Panel> panels)
    {
        double[] counts = [.. repetitions.Where(count => count > 0).Distinct().Order()];
        bool isSingle = counts.Length == 0 || counts[^1] < 2;
        if (repetitions.Count == 0 || panels.All(panel => panel is BarPanel { IsStacked: true }))
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

    internal static string Energy(IReadOnlyList<ExperimentRun> runs)
    {
        WindowEnergy[] energies = [.. runs.Select(run => run.Metrics.Energy).Where(energy => energy.Source is not null)];
        if (energies.Length == 0)
        {
            return $"Energy not measured: {runs[0].Metrics.Energy.Joules.NotMeasured}.";
        }

        IEnumerable<string> kinds = energies.Select(energy => $"{EnumText.Of(energy.Scope!.Value)} scope, {SourceText(energy)}").Distinct();
        double? error = energies.Max(energy => energy.Joules.ErrorBound / energy.Joules.Value);
        return $"Joules: {string.Join("; ", kinds)}." + (error is > 0 ? $" Measurement error at most {error:0.0 %}." : "");
    }

    internal static string Markdown(ArtifactCaption caption, IReadOnlyList<ResultTable> tables)
    {
        string seeds = string.Join(' ', caption.Seeds.Take(12)) + (caption.Seeds.Count > 12 ? " .." : "");
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
            - {MarkdownText.Escape(caption.Energy)}
            - Window: {MarkdownText.Escape(string.Join("; ", caption.Windows))}
            - Tables: {string.Join(", ", caption.Tables.Select(table => $"[{table}]({table})"))}

            {MarkdownText.Escape(caption.Figure.TextAlternative)}

            {(tables.Count > 0 ? TableText.Markdown(tables[0]) : "")}
            """.ReplaceLineEndings("\n");
    }

    internal static string EngineOf(ExperimentRun run) =>
        run.Metrics.Manifest.System?.Engine ?? run.Metrics.Manifest.Environment.Server ?? run.Metrics.Manifest.Backend;

    internal static IReadOnlyList<string> Distinct(IReadOnlyList<ExperimentRun> runs, Func<ExperimentRun, string> read) =>
        [.. runs.Select(read).Distinct().Order(StringComparer.Ordinal)];

    private static string SourceText(WindowEnergy energy) => energy.Source switch
    {
        EnergySource.Counter => "energy counter",
        EnergySource.AveragedPower => "integral of averaged power",
        _ => "power model of the simulator, summed over engine steps",
    } + (energy.IsEstimated && energy.Source != EnergySource.Steps ? " (estimated by a model)" : "");

    private static string Few(IReadOnlyList<string> names, string plural) =>
        names.Count <= 3 ? string.Join(", ", names) : $"{names.Count} {plural}";

    private static string Range(double[] counts) => counts.Length == 1 ? $"{counts[0]}" : $"{counts[0]} to {counts[^1]}";
}
