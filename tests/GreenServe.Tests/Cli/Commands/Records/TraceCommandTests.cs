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

    [Theory]

    // Two requests have one gap and so no variation of gaps, which no gamma distribution has.
    [InlineData("0,1,2\n1,10,5\n", "coefficient_of_variation", "o.workload.yaml")]
    [InlineData("1,1,2\n1,10,5\n", "all arrive at once", "o.workload.yaml")]
    [InlineData("0,1,2\n1,10,5\n3,5,5\n", "output file", "missing/o.workload.yaml")]
    public async Task Import_WritesNeitherFile_WhenTheWorkloadCannotBeWritten(string rows, string expected, string workload)
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("two.csv", "arrival_seconds,input_tokens,output_tokens\n" + rows);
        string trace = folder.Write("o.csv", "before");

        CommandResult result = await CommandRunner.RunAsync(
            "trace", "import", file, "--out", trace, "--workload", folder.PathOf(workload));

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.Equal("before", File.ReadAllText(trace));
        Assert.Equal([trace, file], Directory.GetFileSystemEntries(folder.Root).Order());
    }
}
