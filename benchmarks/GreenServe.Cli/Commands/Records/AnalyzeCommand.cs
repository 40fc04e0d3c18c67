using System.CommandLine;
using GreenServe.Analysis;
using GreenServe.Analysis.Advising.Pages;
using GreenServe.Analysis.Artifacts;
using GreenServe.Analysis.Claims;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Pricing;
using GreenServe.Records;
using GreenServe.Records.Runs;

namespace GreenServe.Cli.Commands.Records;

/// <summary><c>greenserve analyze</c>: run records to figures, tables, claims and a report.</summary>
internal static class AnalyzeCommand
{
    private static readonly Argument<string[]> RecordsArgument = new("RECORDS")
    {
        Description = "Folders with run records, or folders above them; advices in them get a page of the report. "
            + "Without them only the claims and the report are made, from the artifacts in DIR.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<string?> OutOption = new("--out")
    {
        Description = "Folder of the report. Artifacts go into its folder artifacts/. Files of the same name are replaced. "
            + "Needed unless --rules is given.",
        HelpName = "DIR",
    };

    private static readonly Option<RuleSet?> RulesOption = new("--rules")
    {
        Description = "Check each of RECORDS against a set of rules and list which rules it meets. Exit code 1 if a rule is not met. "
            + "mlperf-power: the rules of MLPerf Power; to meet them all is not a submission. Default: no rules.",
        HelpName = "mlperf-power",
        CustomParser = RuleSetText.Parse,
    };

    private static readonly Option<string?> ClaimsOption = new("--claims")
    {
        Description = "Folder of claim files (*.yaml) to check against the artifacts. Default: no claims.",
        HelpName = "DIR",
    };

    private static readonly Option<bool> ArtifactsOnlyOption = new("--artifacts-only")
    {
        Description = "Draw only the artifacts of RECORDS. Claims and report stay as they are.",
    };

    private static readonly GridOptionSet Grid = new(hasAccelerators: true);

    internal static Command Create()
    {
        Command command = new("analyze", "Turn run records into figures, tables, claims and a report.")
        {
            RecordsArgument, OutOption, ClaimsOption, ArtifactsOnlyOption, RulesOption,
        };
        Grid.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(RecordsArgument) is not { Length: > 0 } && result.GetValue(ArtifactsOnlyOption))
            {
                result.AddError("--artifacts-only: got no RECORDS, want at least one folder");
            }

            if (result.GetValue(RecordsArgument) is not { Length: > 0 } && Grid.IsGiven(result))
            {
                result.AddError("--grid, --gpu-hour-price: got no RECORDS, want at least one folder");
            }

            // The presence of the option counts, because its value may be one that cannot be read.
            bool hasRules = result.GetResult(RulesOption) is { Implicit: false };
            if (hasRules && result.GetValue(RecordsArgument) is not { Length: > 0 })
            {
                result.AddError("--rules: got no RECORDS, want at least one folder");
            }

            if (!hasRules && string.IsNullOrEmpty(result.GetValue(OutOption)))
            {
                result.AddError("--out: got nothing, want a folder for the report");
            }
        });
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        TextWriter output = parsed.InvocationConfiguration.Output;
        int code = parsed.GetValue(RulesOption) is null
            ? ExitCode.Success
            : RuleSetText.Write(parsed.GetRequiredValue(RecordsArgument), parsed);
        if (parsed.GetValue(OutOption) is not { Length: > 0 } folder)
        {
            return code;
        }

        // Artifacts of several experiments may be drawn side by side into one folder. A report is of all that the folder holds.
        using IDisposable? claim = parsed.GetValue(ArtifactsOnlyOption) ? null : OutputFolder.Claim(folder, mustBeEmpty: false);
        if (parsed.GetValue(RecordsArgument) is { Length: > 0 } records)
        {
            if (records.Where(from => !AdviceReports.IsWithoutRecords(from)).ToArray() is { Length: > 0 } withRuns)
            {
                code = WriteArtifacts(withRuns, folder, parsed, code);
            }

            AdviceReports.Write(records, folder);
        }

        if (!parsed.GetValue(ArtifactsOnlyOption))
        {
            ValidationFigures.CompleteReport(folder);
            IReadOnlyList<ClaimResult> results = AnalysisOutput.WriteReport(parsed.GetValue(ClaimsOption), folder);
            foreach (IGrouping<ClaimVerdict, ClaimResult> group in results.GroupBy(result => result.Verdict).OrderBy(group => group.Key))
            {
                output.WriteLine($"claims {group.Key}: {group.Count()}");
            }

            output.WriteLine($"report: {Path.Combine(folder, "index.html")}");
        }

        return code;
    }

    /// <summary>Draws the artifacts of records, and names the records that could not be read.</summary>
    /// <returns>The exit code: the one given, or that of records that cannot be read.</returns>
    private static int WriteArtifacts(string[] records, string folder, ParseResult parsed, int code)
    {
        PriceList? prices = Grid.Read(parsed);
        RecordBatch<ExperimentRun> batch = AnalysisOutput.ReadRuns(records, prices);
        Grid.RequireStart(prices, batch.Items);
        foreach (ArtifactCaption caption in AnalysisOutput.WriteArtifacts(batch.Items, folder))
        {
            parsed.InvocationConfiguration.Output.WriteLine(
                $"{caption.Name}: {caption.Runs} runs, {caption.InvalidRuns} of them INVALID");
        }

        return UnreadableText.Write(parsed, batch.Problems, code);
    }
}
