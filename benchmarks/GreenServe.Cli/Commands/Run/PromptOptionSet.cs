using System.CommandLine;
using GreenServe.Records;
using GreenServe.Workloads;
using GreenServe.Workloads.Datasets;

namespace GreenServe.Cli.Commands.Run;

/// <summary>The options that say where prompts come from.</summary>
internal sealed class PromptOptionSet
{
    private readonly Option<string?> dataset = new("--dataset")
    {
        Description = "Prompts to send: a file of ShareGPT, of chat messages, or of JSON lines as for vLLM, GuideLLM or AIPerf; a trace, "
            + $"of which only the lengths are used; {WorkloadDataset.Sonnet} for generated verse; {WorkloadDataset.Random} for generated "
            + "words of the workload's lengths. Default: the workload's prompts.",
        HelpName = "FILE",
    };

    private readonly Option<DatasetFormat> format = new("--dataset-format")
    {
        Description = "Format of the file that --dataset names. Default: recognized by its content.",
        DefaultValueFactory = _ => DatasetFormat.Automatic,
    };

    internal void AddTo(Command command)
    {
        command.Add(dataset);
        command.Add(format);
    }

    /// <summary>A workload with the prompts that the options ask for.</summary>
    /// <exception cref="InvalidInputException">The dataset cannot be read.</exception>
    internal Workload Apply(ParseResult parsed, Workload workload) =>
        parsed.GetValue(dataset) is { } name ? WorkloadDataset.Apply(workload, name, parsed.GetValue(format)) : workload;
}
