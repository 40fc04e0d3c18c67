using System.CommandLine;
using GreenServe.Analysis.Artifacts;
using GreenServe.Analysis.Regression;
using GreenServe.Records;

namespace GreenServe.Cli.Commands;

/// <summary><c>greenserve compare</c>: is the candidate better, the same or worse than the baseline, or is there no telling?</summary>
internal static class CompareCommand
{
    private static readonly Argument<string> BaselineArgument = new("BASELINE")
    {
        Description = "Folder with the run records of the baseline; repetitions are what intervals come from.",
    };

    private static readonly Argument<string> CandidateArgument = new("CANDIDATE")
    {
        Description = "Folder with the run records of the candidate, of the same workloads.",
    };

    private static readonly Option<bool> GateOption = new("--gate") { Description = "Exit with 1 if any metric is worse." };

    private static readonly Option<string?> MarkdownOption = new("--markdown") { Description = "Also write the comparison as Markdown. Default: no file.", HelpName = "FILE" };

    private static readonly Option<string?> JUnitOption = new("--junit") { Description = "Also write it as JUnit XML. Default: no file.", HelpName = "FILE" };

    private static readonly Option<string?> JsonOption = new("--json") { Description = "Also write it as JSON. Default: no file.", HelpName = "FILE" };

    internal static Command Create()
    {
        Command command = new("compare", "Compare repeated runs: better, same, worse, or cannot tell, metric by metric.")
        {
            BaselineArgument, CandidateArgument, GateOption, MarkdownOption, JUnitOption, JsonOption,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        ComparisonReport report = RunComparison.Of(
            ExperimentRun.ReadAll([parsed.GetRequiredValue(BaselineArgument)]), ExperimentRun.ReadAll([parsed.GetRequiredValue(CandidateArgument)]));
        string markdown = ComparisonText.Markdown(report);
        parsed.InvocationConfiguration.Output.WriteLine(markdown);
        Write(parsed.GetValue(MarkdownOption), markdown);
        Write(parsed.GetValue(JUnitOption), ComparisonFile.JUnit(report));
        Write(parsed.GetValue(JsonOption), ComparisonFile.Json(report));
        return parsed.GetValue(GateOption) && report.IsWorse ? ExitCode.Failed : ExitCode.Success;
    }

    private static void Write(string? path, string text)
    {
        if (path is not null)
        {
            OutputFile.Replace(path, text);
        }
    }
}
