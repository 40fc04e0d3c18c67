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

    private readonly Option<string?> tokenizer = new("--tokenizer")
    {
        Description = "The model's tokenizer.json or tokenizer.model, which counts the texts of the dataset before they are sent. "
            + "Default: estimated at four bytes a token. The server's own counts are kept in either case.",
        HelpName = "FILE",
    };

    internal void AddTo(Command command)
    {
        command.Add(tokenizer);
        command.Add(dataset);
        command.Add(format);
    }

    /// <summary>A workload with the prompts that the options ask for.</summary>
    /// <exception cref="InvalidInputException">The dataset or the tokenizer cannot be read.</exception>
    internal Workload Apply(ParseResult parsed, Workload workload)
    {
        Workload drawn = parsed.GetValue(dataset) is { } name
            ? WorkloadDataset.Apply(workload, name, parsed.GetValue(format))
            : workload;
        return parsed.GetValue(tokenizer) is { } file ? WorkloadDataset.WithTokenizer(drawn, file) : drawn;
    }
}
