using GreenServe.Analysis.Grids;
using GreenServe.Records;
using GreenServe.Tests.Analysis;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Cli;

public sealed class ExportParquetTests
{
    [Fact]
    public async Task ExportParquet_LeavesARecordThatReadsTheSame()
    {
        using TemporaryFolder folder = new();
        string run = new SyntheticRun().Write(folder.PathOf("runs/a"));
        double joules = ExperimentRun.Read(run).Metrics.JoulesPerOutputToken.Value!.Value;

        CommandResult result = await CommandRunner.RunAsync("export", "parquet", folder.PathOf("runs"), "--replace");
        CommandResult asked = await CommandRunner.RunAsync("query", "SELECT count(*) AS n FROM steps", run, "--format", "csv");

        Assert.Equal((ExitCode.Success, ""), (result.ExitCode, result.Error));
        Assert.Empty(Directory.GetFiles(run, "*.csv"));
        Assert.Equal(joules, ExperimentRun.Read(run).Metrics.JoulesPerOutputToken.Value!.Value);
        Assert.Equal("33", asked.Output.Trim().ReplaceLineEndings("\n").Split('\n')[1]);
    }
}
