using System.CommandLine;
using GreenServe.Analysis.Comparison.History;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Metrics;
using GreenServe.Cli.Terminal;
using GreenServe.Records;
using GreenServe.Records.Runs;

namespace GreenServe.Cli.Commands.Records;

/// <summary><c>greenserve history</c>: the metrics of runs over time, and where their level changed.</summary>
internal static class HistoryCommand
{
    private static readonly Argument<string> FileArgument = new("FILE")
    {
        Description = "History file (*.jsonl), one line for each run. Lines are only added. "
            + "In git, 'merge=union' in .gitattributes merges it without conflicts.",
    };

    private static readonly Argument<string[]> RecordsArgument = new("RECORDS")
    {
        Description = "Folders with run records, or folders above them.",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<string?> LabelOption = new("--label")
    {
        Description = "What was run, for example a commit, a version or a date. Runs of one label are repetitions. "
            + "Default: the git commit that all records name.",
        HelpName = "TEXT",
    };

    private static readonly Option<string[]> MetricOption = new("--metric")
    {
        Description = "Metric to show. May be repeated. "
            + $"Default: {string.Join(", ", HistoryReport.Metrics.Select(metric => metric.Name))}.",
        HelpName = "NAME",
    };

    private static readonly Option<string?> OutOption = new("--out")
    {
        Description = "Folder for history.csv and a chart of each series (PNG, SVG). Default: no files.",
        HelpName = "DIR",
    };

    internal static Command Create(CommandContext context)
    {
        Command add = new("add", "Add runs to the end of a history file. The file is created if it is missing.")
        {
            FileArgument, RecordsArgument, LabelOption,
        };
        add.SetAction(parsed => Add(parsed, context.Clock));
        Command show = new("show", "Show trends, drifts and changes of level.") { FileArgument, MetricOption, OutOption };
        show.SetAction(Show);
        return new Command("history", "Keep the metrics of runs over time, and find where their level changed.") { add, show };
    }

    private static int Add(ParseResult parsed, TimeProvider clock)
    {
        RecordBatch<ExperimentRun> batch = ExperimentRun.ReadBatch(parsed.GetRequiredValue(RecordsArgument));
        IReadOnlyList<ExperimentRun> runs = batch.Items;
        string label = parsed.GetValue(LabelOption) ?? CommitOf(runs);
        string path = parsed.GetRequiredValue(FileArgument);
        HistoryFile.Append(path, runs, label, clock.GetUtcNow());
        int invalid = runs.Count(run => !run.Metrics.IsValid);
        string kept = invalid > 0 ? $"; {invalid} of them INVALID: kept, not drawn" : "";
        parsed.InvocationConfiguration.Output.WriteLine($"{path}: {runs.Count} runs added as {TerminalTable.Clean(label)}{kept}");
        return UnreadableText.Write(parsed, batch.Problems, ExitCode.Success);
    }

    private static string CommitOf(IReadOnlyList<ExperimentRun> runs)
    {
        string?[] commits = [.. runs.Select(run => run.Metrics.Manifest.Environment.GitCommit).Distinct()];
        if (commits is [{ Length: > 0 } commit])
        {
            return commit;
        }

        string reason = commits.Length > 1 ? "the records are of several commits" : "the records name no git commit";
        throw new InvalidInputException(new Problem(LabelOption.Name, null, $"a label: {reason}"));
    }

    private static int Show(ParseResult parsed)
    {
        string path = parsed.GetRequiredValue(FileArgument);
        HistoryContent content = HistoryFile.Read(path);
        IReadOnlyList<HistoryTrend> trends = HistoryTrend.Of(content.Entries, MetricsOf(parsed.GetValue(MetricOption) ?? []));
        HistoryText.Write(parsed.InvocationConfiguration.Output, path, content, trends);
        if (parsed.GetValue(OutOption) is { } folder)
        {
            IReadOnlyList<string> files = HistoryReport.Write(trends, folder);
            parsed.InvocationConfiguration.Output.WriteLine($"{folder}: {string.Join(", ", files)}");
        }

        return ExitCode.Success;
    }

    private static IReadOnlyList<MetricDefinition> MetricsOf(string[] names)
    {
        string known = string.Join(", ", MetricCatalog.All.Select(metric => metric.Name));
        Problem[] problems = [.. names
            .Where(name => MetricCatalog.Find(name) is null)
            .Select(name => new Problem(MetricOption.Name, name, $"one of {known}"))];
        return problems.Length > 0 ? throw new InvalidInputException(problems)
            : names.Length == 0 ? HistoryReport.Metrics
            : [.. names.Distinct().Select(MetricCatalog.Of)];
    }
}
