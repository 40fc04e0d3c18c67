using System.CommandLine;
using GreenServe.Cli;
using GreenServe.Cli.Commands;
using GreenServe.Records;

namespace GreenServe.Tests.Cli;

/// <summary>What holds for every command: descriptions, help, and messages after a mistake.</summary>
public sealed class CommandLineApplicationTests
{
    [Fact]
    public void CreateRoot_DescribesEveryCommandOptionAndArgument()
    {
        foreach (Command command in Descendants(CommandLineApplication.CreateRoot(new CommandContext())))
        {
            Assert.False(string.IsNullOrWhiteSpace(command.Description), command.Name);
            Assert.All(
                command.Options,
                option => Assert.False(string.IsNullOrWhiteSpace(option.Description), $"{command.Name} {option.Name}"));
            Assert.All(
                command.Arguments,
                argument => Assert.False(string.IsNullOrWhiteSpace(argument.Description), $"{command.Name} {argument.Name}"));
        }
    }

    [Theory]
    [InlineData]
    [InlineData("nosuch")]
    [InlineData("run")]
    [InlineData("run", "fixed-512-128", "--nosuch")]
    [InlineData("run", "fixed-512-128", "--gpus", "many")]
    [InlineData("run", "nosuch-workload")]
    [InlineData("run", "nosuch.workload.yaml")]
    [InlineData("sweep", "nosuch.experiment.yaml", "--out", "x")]
    [InlineData("trace", "summary", "nosuch.csv")]
    [InlineData("analyze", "nosuch", "--out", "x")]
    public async Task RunAsync_ExitsWithBadInputAndAMessage_WhenTheCommandLineIsWrong(params string[] arguments)
    {
        CommandResult result = await CommandRunner.RunAsync(arguments);

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.NotEqual("", result.Error.Trim());
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_PrintsTheDescription_WhenHelpIsAskedFor()
    {
        foreach (Command command in CommandLineApplication.CreateRoot(new CommandContext()).Subcommands)
        {
            CommandResult result = await CommandRunner.RunAsync(command.Name, "--help");

            Assert.Equal(ExitCode.Success, result.ExitCode);
            Assert.Contains(command.Description!, result.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("--jobs: got many, want a whole number", "sweep", "x.experiment.yaml", "--out", "x", "--jobs", "many")]
    [InlineData("--jobs: got 0, want a whole number in [1, 1024]", "sweep", "x.experiment.yaml", "--out", "x", "--jobs", "0")]
    [InlineData("--baseline-seconds: got long, want a number", "run", "fixed-512-128", "--baseline-seconds", "long")]
    [InlineData("--baseline-seconds: got NaN, want a number in [0.2, 3600]", "run", "fixed-512-128", "--baseline-seconds", "NaN")]
    [InlineData(
        "--steady-seconds: got long, want a number", "meters", "characterize", "--load", "x", "--out", "x", "--steady-seconds", "long")]
    [InlineData("--backend: got tpu, want one of simulated", "run", "fixed-512-128", "--cluster", "x.cluster.yaml", "--backend", "tpu")]
    [InlineData(
        "--cluster: got an option that the built-in engine does not use",
        "run", "fixed-512-128", "--cluster", "x.cluster.yaml", "--backend", "engine")]
    [InlineData("--send-log: got no-such/x.csv, want a file", "serve", "simulated", "--port", "0", "--send-log", "no-such/x.csv")]
    public async Task RunAsync_DoesNotThrow_WhenACheckedOptionIsWrong(string expected, params string[] arguments)
    {
        CommandResult result = await CommandRunner.RunAsync(arguments);

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--precision", "int3", "--precision: got int3, want one of float32, bf16, int8, int4")]
    [InlineData("--device", "tpu", "--device: got tpu, want one of cpu, cuda")]
    [InlineData("--max-batch", "many", "--max-batch: got many, want a whole number")]
    [InlineData("--stop-grace", "long", "--stop-grace: got long, want a number")]
    public async Task RunAsync_SaysWhatIsAllowed_WhenAValueIsOfTheWrongKind(string option, string value, string expected)
    {
        CommandResult result = await CommandRunner.RunAsync("serve", "engine", option, value);

        string[] lines = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Equal([expected, "See: greenserve serve engine --help"], lines.Select(line => line.TrimEnd('\r')));
    }

    [Fact]
    public async Task RunAsync_NamesChoicesAsTheyAreTyped_WhenHelpIsAskedFor()
    {
        CommandResult result = await CommandRunner.RunAsync("serve", "engine", "--help");

        Assert.Contains("<cpu|cuda>", result.Output, StringComparison.Ordinal);
        Assert.Contains("<float32|bf16|int8|int4>", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_NamesDialectsAsTheyAreDocumented_WhenHelpIsAskedFor()
    {
        CommandResult result = await CommandRunner.RunAsync("run", "--help");

        Assert.Contains(
            "<openai|vllm|sglang|tensorrt-llm|tgi|tgi-generate|llama-cpp|ollama|ollama-native>", result.Output, StringComparison.Ordinal);
    }

    private static IEnumerable<Command> Descendants(Command command) =>
        command.Subcommands.SelectMany(Descendants).Prepend(command);
}
