using GreenServe.Records;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Cli.Commands.Records;

public sealed class TraceCommandTests
{
    [Fact]
    public async Task Summary_NamesTheLine_WhenARowIsMalformed()
    {
        using TemporaryFolder folder = new();
        string file = folder.Write(
            "bad.csv",
            "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46.6805900,374,44\n2023-11-16 18:15:50.9951690,many,109\n");

        CommandResult result = await CommandRunner.RunAsync("trace", "summary", file);

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains("bad.csv:3:", result.Error, StringComparison.Ordinal);
    }
}
