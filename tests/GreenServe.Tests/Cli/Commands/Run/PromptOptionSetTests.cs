using System.Text.Json.Nodes;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Cli.Commands.Run;

public sealed class PromptOptionSetTests : IDisposable
{
    private const string Prompts = """
        {"prompt": "hello you", "output_tokens": 5}
        {"prompt": "hello", "output_tokens": 6}
        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Run_TakesPromptsAndLengthsOfTheDataset_CountedWithTheTokenizer()
    {
        RunRecord record = await RecordOfRunAsync(
            "--dataset", folder.Write("set.jsonl", Prompts), "--tokenizer", folder.Write("tokenizer.json", TinyTokenizer.Json),
            "--requests", "4");

        // "hell" is one token, and every other letter is one.
        Assert.Equal(
            [(2, 6), (2, 6), (6, 5), (6, 5)], record.Requests.Select(row => (row.InputTokensAsked, row.OutputTokensAsked)).Order());
        JsonNode dataset = record.Manifest.Workload["dataset"]!;
        Assert.Equal(("set.jsonl", "tokenizer.json"), ((string?)dataset["file"], (string?)dataset["tokenizer"]));
        Assert.Equal(64, ((string?)dataset["sha256"])!.Length);
        Assert.Contains(record.Manifest.Notes, note => note == "set.jsonl was read as vllm: 2 conversations, of which 2 are used");
    }

    [Fact]
    public async Task Run_SendsVerse_WhenTheDatasetIsSonnet()
    {
        RunRecord record = await RecordOfRunAsync("--dataset", "sonnet", "--output-tokens", "3", "--requests", "4");

        Assert.All(record.Requests, row => Assert.Equal((550, 3), (row.InputTokensAsked, row.OutputTokensAsked)));
    }

    [Theory]
    [InlineData(new[] { "--dataset", "PROMPTS", "--input-tokens", "5" }, "--input-tokens: got it with a dataset, want one of the two")]
    [InlineData(new[] { "--dataset", "sonnet" }, "$.lengths.output: got nothing, want an output length, since sonnet has none")]
    [InlineData(new[] { "--dataset", "no-such-file" }, "dataset: got nothing, want an existing file of prompts")]
    [InlineData(new[] { "--dataset", "PROMPTS", "--output-tokens", "natural" }, "a simulated model cannot say where it would end")]
    [InlineData(new[] { "--tokenizer", "PROMPTS" }, "want it with a dataset of texts")]
    [InlineData(new[] { "--dataset", "PROMPTS", "--tokenizer", "PROMPTS" }, "want tokenizer.json of a byte-level byte-pair encoding")]
    [InlineData(new[] { "--dataset", "PROMPTS", "--dataset-format", "sharegpt" }, ":2: conversations: got nothing, want a list of")]
    public async Task Run_SaysWhatIsWrong_WithExitCode2(string[] options, string message)
    {
        string prompts = folder.Write("set.jsonl", Prompts);

        CommandResult result = await RunAsync([.. options.Select(option => option == "PROMPTS" ? prompts : option)]);

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    private async Task<RunRecord> RecordOfRunAsync(params string[] options)
    {
        CommandResult result = await RunAsync(options);
        Assert.True(result.ExitCode is ExitCode.Success or ExitCode.InvalidRun, result.Error);
        return RunRecord.Read(folder.PathOf("out"));
    }

    private Task<CommandResult> RunAsync(string[] options) => CommandRunner.RunAsync(
        ["run", folder.Write("small.workload.yaml", SmallWorkload.OfTheCatalog), .. options, "--out", folder.PathOf("out")]);
}
