using System.CommandLine;
using GreenServe.Cli.Commands.Backends;
using GreenServe.Records;
using GreenServe.Workloads;
using GreenServe.Workloads.Traces;

namespace GreenServe.Cli.Commands.Records;

/// <summary><c>greenserve trace</c>: summarizes recorded traffic, and turns it into traces and workloads of the suite.</summary>
internal static class TraceCommand
{
    private static readonly Argument<string> FileArgument = new("FILE")
    {
        Description = "A trace: CSV of Azure 2023 or 2024, of BurstGPT or of Vidur, JSON lines of Mooncake (milliseconds), of Bailian or "
            + "of GuideLLM (seconds), or what 'trace import' has written.",
    };

    private static readonly Option<TraceFormat> FormatOption = new("--format")
    {
        Description = "Format of the file, which also tells the unit of its timestamps. automatic: found out from the file.",
        DefaultValueFactory = _ => TraceFormat.Automatic,
    };

    private static readonly Option<string> OutOption = new("--out")
    {
        Description = "File to write, with arrival in seconds, input tokens and output tokens.",
        HelpName = "FILE",
        Required = true,
    };

    private static readonly Option<string?> WorkloadOption = new("--workload")
    {
        Description = "Workload file (*.workload.yaml) to write with the trace's rate, variation of gaps, class shares and quantiles of "
            + "lengths. Default: no workload.",
        HelpName = "FILE",
    };

    private static readonly Option<string> ModelOption = new("--model")
    {
        Description = "Model that the written workload names. Only with --workload.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "llama-2-70b",
    };

    internal static Command Create()
    {
        Command summary = new("summary", "Print count, span, rate, variation of gaps, lengths and class shares of a trace.")
        {
            FileArgument, FormatOption,
        };
        summary.SetAction(parsed =>
            TraceSummaryText.Write(Read(parsed), parsed.GetRequiredValue(FileArgument), parsed.InvocationConfiguration.Output));

        Command import = new("import", "Write a trace in the suite's own format, and with --workload a workload made from it.")
        {
            FileArgument, FormatOption, OutOption, WorkloadOption, ModelOption,
        };
        import.SetAction(Import);
        return new Command("trace", "Summarize recorded traffic, or import it.") { summary, import };
    }

    private static Trace Read(ParseResult parsed) => TraceFile.Read(parsed.GetRequiredValue(FileArgument), parsed.GetValue(FormatOption));

    private static int Import(ParseResult parsed)
    {
        if (parsed.IsGiven(ModelOption) && parsed.GetValue(WorkloadOption) is null)
        {
            throw new InvalidInputException(new Problem(ModelOption.Name, "it without a workload", $"{WorkloadOption.Name} with it"));
        }

        Trace trace = Read(parsed);
        string path = parsed.GetRequiredValue(OutOption);
        if (Path.GetFullPath(path) == Path.GetFullPath(parsed.GetRequiredValue(FileArgument)))
        {
            throw new InvalidInputException(new Problem(OutOption.Name, "the trace that is read", "another file", path));
        }

        string? workloadPath = parsed.GetValue(WorkloadOption);
        string? workload = workloadPath is null ? null : CheckedWorkload(parsed, workloadPath, trace);
        TraceFile.Write(path, trace, writeOthers: workload is null ? null : () => OutputFile.Replace(workloadPath!, workload));
        parsed.InvocationConfiguration.Output.WriteLine(
            $"{trace.Requests.Count} requests: {path} (from {trace.Format}, timestamps in {trace.TimestampUnit})");
        if (trace.Prefixes is not null)
        {
            parsed.InvocationConfiguration.Output.WriteLine("hash_ids are not kept in this format: its prompts share no prefix");
        }

        if (workloadPath is not null)
        {
            parsed.InvocationConfiguration.Output.WriteLine($"workload: {workloadPath}");
        }

        return ExitCode.Success;
    }

    /// <summary>The text of the workload file. It is checked before anything is written.</summary>
    private static string CheckedWorkload(ParseResult parsed, string path, Trace trace)
    {
        string text = WorkloadOf(parsed, path).ToYaml(trace);
        WorkloadFile.Parse(text, path);
        return text;
    }

    private static TraceWorkload WorkloadOf(ParseResult parsed, string path)
    {
        string file = Path.GetFileName(parsed.GetRequiredValue(FileArgument));
        return new TraceWorkload
        {
            Name = Path.GetFileName(path).Split('.')[0],
            Purpose = $"Traffic like that of {file}",
            Source = $"{file}, reduced to counts and quantiles by greenserve trace import",
            Model = parsed.GetRequiredValue(ModelOption),
        };
    }
}
