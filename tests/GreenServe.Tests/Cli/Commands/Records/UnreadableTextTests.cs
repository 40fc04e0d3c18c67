using GreenServe.Records;
using GreenServe.Records.Tables;
using GreenServe.Tests.Analysis;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Cli.Commands.Records;

/// <summary>One bad record never stops its neighbours. Every command names it, goes on, and ends with exit code 2.</summary>
public sealed class UnreadableTextTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public UnreadableTextTests()
    {
        new SyntheticRun().Write(folder.PathOf("runs/good"));
        string bad = new SyntheticRun().Write(folder.PathOf("runs/bad"));
        File.AppendAllText(Path.Combine(bad, RunFiles.Requests), "7,SS,soon\n");
        folder.Write("runs/torn/run.json", "{");
    }

    [Theory]
    [InlineData("report: ", "analyze", "RUNS", "--out", "OUT")]
    [InlineData("1", "query", "SELECT count(*) FROM runs", "RUNS", "--format", "csv")]
    [InlineData("12", "query", "SELECT 11 + count(DISTINCT run) FROM requests", "RUNS", "--format", "csv")]
    [InlineData("records, ", "judge", "RUNS")]
    [InlineData("1 runs added", "history", "add", "OUT.jsonl", "RUNS", "--label", "x")]
    [InlineData("CANNOT TELL", "compare", "RUNS", "RUNS", "--gate")]
    [InlineData("attribution", "attribute", "RUNS")]
    public async Task Commands_NameTheBadRecordAndGoOn_WhenItsNeighboursAreWhole(string expected, params string[] arguments)
    {
        CommandResult result = await CommandRunner.RunAsync([.. arguments.Select(argument => argument
            .Replace("RUNS", folder.PathOf("runs"), StringComparison.Ordinal)
            .Replace("OUT", folder.PathOf("out"), StringComparison.Ordinal))]);

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains(Path.Combine("torn", "run.json"), result.Error, StringComparison.Ordinal);
        Assert.Contains(expected, result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_WriteNothing_WhenNoRecordCanBeRead()
    {
        CommandResult result = await CommandRunner.RunAsync("analyze", folder.PathOf("runs/torn"), "--out", folder.PathOf("out"));

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.False(File.Exists(folder.PathOf("out/index.html")));
    }

    public void Dispose() => folder.Dispose();
}
