using System.CommandLine;
using GreenServe.Cli;
using GreenServe.Cli.Commands;
using GreenServe.Records;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Cli;

public sealed class CommandLineTests
{
    [Fact]
    public void EveryCommandOptionAndArgument_HasADescription()
    {
        foreach (Command command in Descendants(CommandLineApplication.CreateRoot(new CommandContext())))
        {
            Assert.False(string.IsNullOrWhiteSpace(command.Description), command.Name);
            Assert.All(command.Options, option => Assert.False(string.IsNullOrWhiteSpace(option.Description), $"{command.Name} {option.Name}"));
            Assert.All(command.Arguments, argument => Assert.False(string.IsNullOrWhiteSpace(argument.Description), $"{command.Name} {argument.Name}"));
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
    public async Task WrongUse_ExitsWithBadInput_AndAMessage(params string[] arguments)
    {
        CommandResult result = await CommandRunner.RunAsync(arguments);

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.NotEqual("", result.Error.Trim());
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_IsPrinted_ForEveryCommand()
    {
        foreach (Command command in CommandLineApplication.CreateRoot(new CommandContext()).Subcommands)
        {
            CommandResult result = await CommandRunner.RunAsync(command.Name, "--help");

            Assert.Equal(ExitCode.Success, result.ExitCode);
            Assert.Contains(command.Description!, result.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task TraceSummary_NamesTheLine_WhenARowIsMalformed()
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("bad.csv", "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46.6805900,374,44\n2023-11-16 18:15:50.9951690,many,109\n");

        CommandResult result = await CommandRunner.RunAsync("trace", "summary", file);

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains("bad.csv:3:", result.Error, StringComparison.Ordinal);
    }

    private static IEnumerable<Command> Descendants(Command command) =>
        command.Subcommands.SelectMany(Descendants).Prepend(command);
}
