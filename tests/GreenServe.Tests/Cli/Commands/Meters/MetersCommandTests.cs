using GreenServe.Records;

namespace GreenServe.Tests.Cli.Commands.Meters;

public sealed class MetersCommandTests
{
    [Theory]
    [InlineData("meters", "--meters", "nonsense")]
    [InlineData("meters", "--seconds", "0")]
    [InlineData("meters", "serve", "--port", "70000")]
    [InlineData("meters", "serve", "--bind", "somewhere")]
    [InlineData("meters", "characterize", "--out", "x")]
    [InlineData("meters", "characterize", "--load", "x", "--out", "x", "--pairs", "-1")]
    [InlineData("meters", "characterize", "--load", "x", "--out", "x", "--steady-seconds", "0")]
    public async Task Meters_ExitsWithBadInput_WhenAnOptionIsWrong(params string[] arguments)
    {
        CommandResult result = await CommandRunner.RunAsync(arguments);

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.NotEqual("", result.Error.Trim());
    }

    [Fact]
    public async Task Meters_SaysThatNothingCanBeRead_WhenNoMeterIsWanted()
    {
        CommandResult result = await CommandRunner.RunAsync("meters", "--meters", "none", "--seconds", "0.1");

        Assert.Equal(ExitCode.Unavailable, result.ExitCode);
        Assert.Contains("\"not measured\"", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_EndsAfterItsTime_WhenThereIsNoTerminal()
    {
        CommandResult result = await CommandRunner.RunAsync("meters", "--meters", "none", "--watch", "--seconds", "0.1");

        Assert.Equal(ExitCode.Success, result.ExitCode);
    }
}
