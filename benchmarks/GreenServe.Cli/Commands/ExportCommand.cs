using System.CommandLine;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Serving.Interop;

namespace GreenServe.Cli.Commands;

/// <summary><c>greenserve export</c>: run records in the formats of others.</summary>
internal static class ExportCommand
{
    private static readonly Argument<string> RecordArgument = new("RECORD") { Description = "Folder of a run record." };

    private static readonly Option<string> OutOption = new("--out")
    {
        Description = "File to write.",
        HelpName = "JSON",
        Required = true,
    };

    private static readonly Option<double[]> PercentilesOption = new("--percentiles")
    {
        Description = "Percentiles to report, above 0 to 100.",
        HelpName = "P",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [50, 90, 99],
    };

    internal static Command Create()
    {
        Command vllm = new("vllm-bench", "Write the result format of 'vllm bench serve --save-result'.") { RecordArgument, OutOption, PercentilesOption };
        vllm.SetAction(Export);
        return new Command("export", "Write a run record in another tool's format.") { vllm };
    }

    private static int Export(ParseResult parsed)
    {
        double[] percentiles = parsed.GetRequiredValue(PercentilesOption);
        Problem[] problems = [.. percentiles
            .Where(percentile => percentile is not (> 0 and <= 100))
            .Select(percentile => new Problem(PercentilesOption.Name, percentile, "numbers in (0, 100]"))];
        if (problems.Length > 0)
        {
            throw new InvalidInputException(problems);
        }

        VllmBenchResult.Write(RunRecord.Read(parsed.GetRequiredValue(RecordArgument)), parsed.GetRequiredValue(OutOption), percentiles);
        return ExitCode.Success;
    }
}
