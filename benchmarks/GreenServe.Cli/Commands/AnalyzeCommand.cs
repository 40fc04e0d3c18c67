using System.CommandLine;
using GreenServe.Analysis.Artifacts;
using GreenServe.Records;

namespace GreenServe.Cli.Commands;

/// <summary><c>greenserve analyze</c>: run records to figures, tables, claims and a report.</summary>
internal static class AnalyzeCommand
{
    private static readonly Argument<string[]> RecordsArgument = new("RECORDS")
    {
        Description = "Folders with run records, or folders above them.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<string> OutOption = new("--out")
    {
        Description = "Folder of the report; artifacts go into its folder artifacts/. Files of the same name are replaced.",
        HelpName = "DIR",
        Required = true,
    };

    internal static Command Create()
    {
        Command command = new("analyze", "Turn run records into figures, tables, claims and a report.") { RecordsArgument, OutOption };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        string artifacts = Path.Combine(parsed.GetRequiredValue(OutOption), "artifacts");
        IReadOnlyList<ExperimentRun> runs = ExperimentRun.ReadAll(parsed.GetRequiredValue(RecordsArgument));
        OutputFolder.Create(artifacts);
        foreach (IGrouping<string?, ExperimentRun> group in runs.GroupBy(run => run.Metrics.Manifest.Experiment?.Artifact))
        {
            if (group.Key is { } name && ArtifactCatalogue.Find(name) is { } artifact)
            {
                ArtifactWriter.Write(artifact, [.. group], artifacts);
                parsed.InvocationConfiguration.Output.WriteLine($"{name}: {group.Count()} runs");
            }
        }

        return ExitCode.Success;
    }
}
