using GreenServe.Cli;
using GreenServe.Cli.Commands;

namespace GreenServe.Tests.Cli;

public sealed class CommandListTests
{
    private readonly CommandContext context = new();

    [Fact]
    public void For_MakesOneCommand_WhenTheLineBeginsWithItsName() => Assert.All(
        CommandList.All(context),
        command => Assert.Equal(command.Name, Assert.Single(CommandList.For([command.Name, "--help"], context)).Name));

    [Fact]
    public void For_MakesNoCommand_WhenOnlyTheVersionIsAskedFor() => Assert.Empty(CommandList.For(["--version"], context));

    [Theory]
    [InlineData]
    [InlineData("--help")]
    [InlineData("nosuch")]
    [InlineData("[suggest]", "ru")]
    [InlineData("--version", "run")]
    public void For_MakesEveryCommand_WhenTheLineBeginsWithNoCommand(params string[] arguments) => Assert.Equal(
        CommandList.All(context).Select(command => command.Name),
        CommandList.For(arguments, context).Select(command => command.Name));

    [Fact]
    public async Task RunAsync_PrintsAVersionAndNothingElse_WhenItIsAskedFor()
    {
        CommandResult result = await CommandRunner.RunAsync("--version");

        Assert.Matches(@"^\d+\.\d+\.\d+\S*$", result.Output.TrimEnd());
        Assert.Equal("", result.Error);
    }
}
