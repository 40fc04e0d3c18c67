using System.CommandLine;
using GreenServe.Engine.CommandLine;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Records.Tables;
using GreenServe.Serving.Interop;

namespace GreenServe.Cli.Commands.Records;

/// <summary><c>greenserve export</c>: run records in the formats of other tools.</summary>
internal static class ExportCommand
{
    private static readonly Argument<string> RecordArgument = new("RECORD") { Description = "Folder of a run record." };

    private static readonly Option<string> OutOption = new("--out")
    {
        Description = "File to write. A file of this name is replaced.",
        HelpName = "FILE",
        Required = true,
    };

    private static readonly Option<double[]> PercentilesOption = new Option<double[]>("--percentiles")
    {
        Description = "Percentiles of each latency, above 0 to 100.",
        HelpName = "P",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [50, 90, 99],
    }.Require(value => value is > 0 and <= 100, "numbers in (0, 100]");

    private static readonly Argument<string[]> RecordsArgument = new("RECORDS")
    {
        Description = "Folders with run records, or folders above them.",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<bool> ReplaceOption = new("--replace")
    {
        Description = "Delete the files of a table once it is written in the other form. Every command reads records with either. "
            + "Default: keep both.",
    };

    internal static Command Create()
    {
        Command vllm = new("vllm-bench", "Write a run record in the result format of 'vllm bench serve --save-result'.")
        {
            RecordArgument, OutOption, PercentilesOption,
        };
        vllm.SetAction(ExportVllmBench);
        Command parquet = new(
            "parquet",
            "Write the tables of run records as Parquet files beside the CSV files. The columns are the same. "
            + "The size is about a tenth.")
        {
            RecordsArgument, ReplaceOption,
        };
        parquet.SetAction(parsed => ExportTables(parsed, toParquet: true));
        Command csv = new(
            "csv", "Write the tables of run records as CSV files beside the Parquet files. The columns are the same.")
        {
            RecordsArgument, ReplaceOption,
        };
        csv.SetAction(parsed => ExportTables(parsed, toParquet: false));
        return new Command("export", "Write run records in the format of another tool.") { vllm, parquet, csv };
    }

    private static int ExportVllmBench(ParseResult parsed)
    {
        double[] percentiles = parsed.GetRequiredValue(PercentilesOption);
        VllmBenchResult.Write(RunRecord.Read(parsed.GetRequiredValue(RecordArgument)), parsed.GetRequiredValue(OutOption), percentiles);
        return ExitCode.Success;
    }

    private static int ExportTables(ParseResult parsed, bool toParquet)
    {
        TextWriter output = parsed.InvocationConfiguration.Output;
        RecordBatch<string> written = RecordBatch.Of(RecordSearch.In(parsed.GetRequiredValue(RecordsArgument)), folder =>
        {
            RunRecord record = RunRecord.Read(folder);
            bool isInterrupted = record.Manifest.Verdict.IsInterrupted;
            RequireWhole(record, parsed.GetValue(ReplaceOption));
            foreach (RecordTable table in RecordTable.All)
            {
                foreach (string source in TableConversion.FilesOf(table, folder, isParquet: !toParquet))
                {
                    string file = TableConversion.Write(table, source, isInterrupted);
                    output.WriteLine(
                        $"{file}: {new FileInfo(file).Length} bytes, {(toParquet ? "CSV" : "Parquet")} {new FileInfo(source).Length}");
                    if (parsed.GetValue(ReplaceOption))
                    {
                        File.Delete(source);
                    }
                }
            }

            return folder;
        });
        return UnreadableText.Write(parsed, written.Problems, ExitCode.Success);
    }

    /// <summary>Refuses a record that lacks rows, or that a run may still be writing, where files are to be deleted.</summary>
    private static void RequireWhole(RunRecord record, bool replaces)
    {
        if (replaces && record.Manifest.Verdict.IsInterrupted)
        {
            throw new InvalidInputException(new Problem(
                "--replace", "a record whose run has not ended", "a record of a run that has ended, or no --replace", record.Folder));
        }

        if (record.Manifest.Tables is not null && record.CheckTables() is { Count: > 0 } problems)
        {
            throw new InvalidInputException(problems);
        }
    }
}
