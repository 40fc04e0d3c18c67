using System.CommandLine;
using System.Globalization;
using GreenServe.Analysis.Comparison;
using GreenServe.Analysis.Comparison.History;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Metrics;
using GreenServe.Records;

namespace GreenServe.Cli.Commands.Records;

/// <summary><c>greenserve compare</c>: is the candidate better, the same or worse than the baseline, or is there no telling?</summary>
internal static class CompareCommand
{
    private static readonly Argument<string> BaselineArgument = new("BASELINE")
    {
        Description = "Folder with the run records of the baseline (repetitions are what intervals come from); or a history file (*.jsonl), of which the "
            + "newest label is the baseline; or full JSON reports of BenchmarkDotNet, of which the allocated bytes are compared.",
    };

    private static readonly Argument<string> CandidateArgument = new("CANDIDATE")
    {
        Description = "Folder with the run records of the candidate, of the same workloads; or reports of the same microbenchmarks.",
    };

    private static readonly Option<bool> GateOption = new("--gate") { Description = "Exit with 1 if any metric is worse." };

    private static readonly Option<string?> LabelOption = new("--label") { Description = "Label of the history file to compare with. Default: the newest.", HelpName = "TEXT" };

    private static readonly Option<string[]> ThresholdOption = new("--threshold")
    {
        Description = "Smallest change of a metric that matters, as a share (0.02 = 2 %) in (0, 10]; may be repeated, and adds metrics that are not compared by default. "
            + $"Default: {string.Join(", ", GatedMetric.Default.Select(metric => string.Create(CultureInfo.InvariantCulture, $"{metric.Metric.Name}={metric.Threshold}")))}.",
        HelpName = "METRIC=SHARE",
    };

    private static readonly Option<string?> MarkdownOption = new("--markdown") { Description = "Also write the comparison as Markdown. Default: no file.", HelpName = "FILE" };

    private static readonly Option<string?> JUnitOption = new("--junit") { Description = "Also write it as JUnit XML. Default: no file.", HelpName = "FILE" };

    private static readonly Option<string?> JsonOption = new("--json") { Description = "Also write it as JSON. Default: no file.", HelpName = "FILE" };

    internal static Command Create()
    {
        Command command = new("compare", "Compare repeated runs: better, same, worse, or cannot tell, metric by metric.")
        {
            BaselineArgument, CandidateArgument, GateOption, LabelOption, ThresholdOption, MarkdownOption, JUnitOption, JsonOption,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        ComparisonReport report = Compare(
            parsed.GetRequiredValue(BaselineArgument), parsed.GetRequiredValue(CandidateArgument), parsed.GetValue(LabelOption),
            MetricsOf(parsed.GetValue(ThresholdOption) ?? []));
        CompareText.Write(parsed.InvocationConfiguration.Output, report);
        Write(parsed.GetValue(MarkdownOption), () => ComparisonText.Markdown(report));
        Write(parsed.GetValue(JUnitOption), () => ComparisonFile.JUnit(report));
        Write(parsed.GetValue(JsonOption), () => ComparisonFile.Json(report));
        return parsed.GetValue(GateOption) && report.IsWorse ? ExitCode.Failed : ExitCode.Success;
    }

    private static ComparisonReport Compare(string baseline, string candidate, string? label, IReadOnlyList<GatedMetric> metrics)
    {
        if (AllocationComparison.Find(baseline) is { Count: > 0 } before && AllocationComparison.Find(candidate) is { Count: > 0 } after)
        {
            return AllocationComparison.Of(before, after);
        }

        if (!File.Exists(baseline))
        {
            return RunComparison.Of(ExperimentRun.ReadAll([baseline]), ExperimentRun.ReadAll([candidate]), metrics);
        }

        HistoryContent history = HistoryFile.Read(baseline);
        string chosen = label ?? (history.Entries is [.., HistoryEntry newest] ? newest.Label : null)
            ?? throw new InvalidInputException(new Problem("history", $"{history.Skipped.Count} lines that are no entries", "at least one entry", baseline));
        HistoryEntry[] entries = [.. history.Entries.Where(entry => entry.Label == chosen)];
        if (entries.Length == 0)
        {
            string known = string.Join(", ", history.Entries.Select(entry => entry.Label).Distinct().TakeLast(10));
            throw new InvalidInputException(new Problem(LabelOption.Name, label, $"a label of {baseline}, such as {known}"));
        }

        ComparisonReport report = HistoryComparison.Of(
            entries, HistoryFile.EntriesOf(ExperimentRun.ReadAll([candidate]), "candidate", TimeProvider.System.GetUtcNow()), metrics);
        return report with { Notes = [$"the baseline is {chosen} of {baseline}", .. report.Notes, .. history.Skipped.Select(problem => $"skipped {problem}")] };
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
                problems.Add(new Problem(ThresholdOption.Name, threshold, $"METRIC=SHARE with one of {string.Join(", ", MetricCatalog.All.Where(one => one.Better != Direction.Neither).Select(one => one.Name))}"));
            }
            else if (parts.Length < 2 || !double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double share) || share is not (> 0 and <= 10))
            {
                problems.Add(new Problem(ThresholdOption.Name, threshold, "METRIC=SHARE with a share in (0, 10], for example 0.02 for 2 %"));
            }
            else
            {
                metrics[metric.Name] = metrics.TryGetValue(metric.Name, out GatedMetric? known) ? known with { Threshold = share } : new GatedMetric(metric, share);
            }
        }

        return problems.Count == 0 ? [.. metrics.Values] : throw new InvalidInputException(problems);
    }

    private static void Write(string? path, Func<string> text)
    {
        if (path is not null)
        {
            OutputFile.Replace(path, text());
        }
    }
}
