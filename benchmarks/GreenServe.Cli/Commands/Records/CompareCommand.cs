using System.CommandLine;
using System.Globalization;
using GreenServe.Analysis.Comparison;
using GreenServe.Analysis.Comparison.History;
using GreenServe.Analysis.Comparison.Pages;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Metrics;
using GreenServe.Cli.Terminal;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Records.Tables;

namespace GreenServe.Cli.Commands.Records;

/// <summary><c>greenserve compare</c>: whether the candidate is better than, the same as or worse than the baseline.</summary>
internal static class CompareCommand
{
    /// <summary>Number of labels that a message names, so that it stays short. The newest are the likeliest to be meant.</summary>
    private const int LabelsNamed = 10;

    private static readonly Argument<string> BaselineArgument = new("BASELINE")
    {
        Description = "Folder with the run records of the baseline, repeated so that there are intervals. "
            + "Or a history file (*.jsonl), whose newest label is the baseline. "
            + "Or full JSON reports of BenchmarkDotNet, whose allocated bytes are compared.",
    };

    private static readonly Argument<string[]> CandidateArgument = new("CANDIDATE")
    {
        Description = "Folder with the run records of the candidate, of the same workloads. Or reports of the same microbenchmarks. "
            + "With several folders, each is compared with the baseline.",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<bool> GateOption = new("--gate")
    {
        Description = "Exit with code 1 if any metric is worse, if the candidate lacks what the baseline has (a point, a benchmark, "
            + "every valid run of a point), or if no metric can be told. Default: exit code 0 whatever the comparison finds.",
    };

    private static readonly Option<string?> LabelOption = new("--label")
    {
        Description = "Label of the history file that is the baseline. Default: the newest label.",
        HelpName = "TEXT",
    };

    private static readonly Option<string[]> ThresholdOption = new("--threshold")
    {
        Description = "Smallest change of a metric that matters, as a share above 0 to 10 (0.02 is 2 %). May be repeated. "
            + "Metrics that are not compared by default are added. "
            + $"Default: {string.Join(", ", GatedMetric.Default.Select(ThresholdText))}.",
        HelpName = "METRIC=SHARE",
    };

    private static readonly Option<string?> OutOption = new("--out")
    {
        Description = $"Folder for the page {ComparisonPage.FileName}, which shows the sets of records side by side. Its charts as PNG and "
            + "SVG, and everything drawn as CSV, go into its folder artifacts/. Files of the same name are replaced. Default: no page.",
        HelpName = "DIR",
    };

    private static readonly Option<string?> MarkdownOption = FileOption("--markdown", "Markdown");

    private static readonly Option<string?> JUnitOption = FileOption("--junit", "JUnit XML");

    private static readonly Option<string?> JsonOption = FileOption("--json", "JSON");

    internal static Command Create(CommandContext context)
    {
        Command command = new("compare", "Compare repeated runs. Each metric is better, the same or worse, or one cannot tell.")
        {
            BaselineArgument, CandidateArgument, GateOption, LabelOption, ThresholdOption, OutOption, MarkdownOption, JUnitOption,
            JsonOption,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(CandidateArgument) is { Length: > 1 } candidates)
            {
                foreach (Option<string?> option in new[] { MarkdownOption, JUnitOption, JsonOption, LabelOption }
                    .Where(option => result.GetValue(option) is not null))
                {
                    result.AddError($"{option.Name}: got {candidates.Length} candidates, want one: it is of one comparison");
                }
            }
        });
        command.SetAction(parsed => Run(parsed, context.Clock));
        return command;
    }

    private static Option<string?> FileOption(string name, string format) => new(name)
    {
        Description = $"File for the comparison as {format}. Default: no file.",
        HelpName = "FILE",
    };

    private static string ThresholdText(GatedMetric metric) => FormattableString.Invariant($"{metric.Metric.Name}={metric.Threshold}");

    private static int Run(ParseResult parsed, TimeProvider clock)
    {
        List<Problem> unreadable = [];
        IReadOnlyList<GatedMetric> metrics = MetricsOf(parsed.GetValue(ThresholdOption) ?? []);
        string[] candidates = parsed.GetRequiredValue(CandidateArgument);
        IReadOnlyList<ComparisonReport> reports = candidates.Length > 1 || parsed.GetValue(OutOption) is not null
            ? CompareSets(parsed, candidates, metrics, unreadable)
            : [Compare(parsed, candidates[0], metrics, clock, unreadable)];
        foreach ((int index, ComparisonReport report) in reports.Index())
        {
            if (reports.Count > 1)
            {
                parsed.InvocationConfiguration.Output.WriteLine(
                    (index > 0 ? Environment.NewLine : "") + TerminalTable.Clean($"{candidates[index]} against the baseline"));
            }

            CompareText.Write(parsed.InvocationConfiguration.Output, report);
        }

        Write(parsed.GetValue(MarkdownOption), () => ComparisonText.Markdown(reports[0]));
        Write(parsed.GetValue(JUnitOption), () => ComparisonFile.JUnit(reports[0]));
        Write(parsed.GetValue(JsonOption), () => ComparisonFile.Json(reports[0]));
        bool isFailed = parsed.GetValue(GateOption) && reports.Any(report => !report.PassesGate);
        return UnreadableText.Write(parsed, unreadable, isFailed ? ExitCode.Failed : ExitCode.Success);
    }

    /// <summary>Compares sets of records, each candidate with the baseline, and writes the page that was asked for.</summary>
    private static IReadOnlyList<ComparisonReport> CompareSets(
        ParseResult parsed, string[] candidates, IReadOnlyList<GatedMetric> metrics, List<Problem> unreadable)
    {
        string baseline = parsed.GetRequiredValue(BaselineArgument);
        string[] folders = [baseline, .. candidates];
        Problem[] noFolders =
        [
            .. folders.Where(path => !Directory.Exists(path) || AllocationComparison.Find(path).Count > 0).Select(path => new Problem(
                path == baseline ? BaselineArgument.Name : CandidateArgument.Name,
                path,
                $"a folder with run records, as {OutOption.Name} and several candidates need")),
        ];
        if (noFolders.Length > 0)
        {
            throw new InvalidInputException(noFolders);
        }

        List<IReadOnlyList<ExperimentRun>> runs = [];
        foreach (string folder in folders)
        {
            runs.Add(ReadRuns(folder, unreadable, [.. runs.SelectMany(set => set).DistinctBy(run => Path.GetFullPath(run.Folder))]));
        }

        IReadOnlyList<string> names = ComparedSet.NamesOf(folders);
        ComparedSet[] sets =
        [
            .. runs.Select((set, index) => new ComparedSet(names[index], set, index == 0 ? null : RunComparison.Of(runs[0], set, metrics))),
        ];
        if (parsed.GetValue(OutOption) is { } outFolder)
        {
            RunFiles.RequireOutsideOfRecord(Path.Combine(outFolder, ComparisonPage.FileName));
            ComparisonPage.Write(sets, outFolder);
            parsed.InvocationConfiguration.Output.WriteLine($"page: {Path.Combine(outFolder, ComparisonPage.FileName)}");
        }

        return [.. sets.Skip(1).Select(set => set.Report!)];
    }

    private static ComparisonReport Compare(
        ParseResult parsed, string candidate, IReadOnlyList<GatedMetric> metrics, TimeProvider clock, List<Problem> unreadable)
    {
        string baseline = parsed.GetRequiredValue(BaselineArgument);
        if (AllocationComparison.Find(baseline) is { Count: > 0 } before && AllocationComparison.Find(candidate) is { Count: > 0 } after)
        {
            return AllocationComparison.Of(before, after);
        }

        if (!File.Exists(baseline))
        {
            IReadOnlyList<ExperimentRun> runs = ReadRuns(baseline, unreadable);
            return RunComparison.Of(runs, ReadRuns(candidate, unreadable, runs), metrics);
        }

        HistoryContent history = HistoryFile.Read(baseline);
        HistoryEntry[] baselineEntries = EntriesOf(history, baseline, parsed.GetValue(LabelOption));
        IReadOnlyList<HistoryEntry> candidateEntries =
            HistoryFile.EntriesOf(ReadRuns(candidate, unreadable), "candidate", clock.GetUtcNow());
        ComparisonReport report = HistoryComparison.Of(baselineEntries, candidateEntries, metrics);
        string source = $"the baseline is {baselineEntries[0].Label} of {baseline}";
        return report with { Notes = [source, .. report.Notes, .. history.Skipped.Select(problem => $"skipped {problem}")] };
    }

    private static IReadOnlyList<ExperimentRun> ReadRuns(
        string folder, List<Problem> unreadable, IReadOnlyList<ExperimentRun>? known = null)
    {
        RecordBatch<ExperimentRun> batch = ExperimentRun.ReadBatch([folder], known);
        unreadable.AddRange(batch.Problems);
        return batch.Items;
    }

    /// <summary>The entries of a label, or of the newest label if none is given. At least one.</summary>
    private static HistoryEntry[] EntriesOf(HistoryContent history, string file, string? label)
    {
        if (history.Entries is not [.., HistoryEntry newest])
        {
            throw new InvalidInputException(new Problem(
                "history", $"{history.Skipped.Count} lines that are no entries", "at least one entry", file));
        }

        HistoryEntry[] entries = [.. history.Entries.Where(entry => entry.Label == (label ?? newest.Label))];
        if (entries.Length > 0)
        {
            return entries;
        }

        string known = string.Join(", ", history.Entries.Select(entry => entry.Label).Distinct().TakeLast(LabelsNamed));
        throw new InvalidInputException(new Problem(LabelOption.Name, label, $"a label of {file}, such as {known}"));
    }

    private static IReadOnlyList<GatedMetric> MetricsOf(string[] thresholds)
    {
        Dictionary<string, GatedMetric> metrics = GatedMetric.Default.ToDictionary(metric => metric.Metric.Name);
        List<Problem> problems = [];
        foreach (string threshold in thresholds)
        {
            string[] parts = threshold.Split('=', 2);
            if (MetricCatalog.Find(parts[0]) is not { } metric || metric.Better == Direction.Neither)
            {
                IEnumerable<string> allowed = MetricCatalog.All.Where(one => one.Better != Direction.Neither).Select(one => one.Name);
                problems.Add(new Problem(ThresholdOption.Name, threshold, $"METRIC=SHARE with one of {string.Join(", ", allowed)}"));
            }
            else if (parts.Length < 2 || ShareOf(parts[1]) is not { } share)
            {
                problems.Add(new Problem(
                    ThresholdOption.Name, threshold, "METRIC=SHARE with a share in (0, 10], for example 0.02 for 2 %"));
            }
            else
            {
                metrics[metric.Name] = metrics.TryGetValue(metric.Name, out GatedMetric? known)
                    ? known with { Threshold = share }
                    : new GatedMetric(metric, share);
            }
        }

        return problems.Count == 0 ? [.. metrics.Values] : throw new InvalidInputException(problems);
    }

    /// <summary>The share that a text states; <c>null</c> if it is no number above 0 to 10.</summary>
    private static double? ShareOf(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double share) && share is > 0 and <= 10 ? share : null;

    private static void Write(string? path, Func<string> text)
    {
        if (path is not null)
        {
            RunFiles.RequireOutsideOfRecord(path);
            OutputFile.Replace(path, text());
        }
    }
}
