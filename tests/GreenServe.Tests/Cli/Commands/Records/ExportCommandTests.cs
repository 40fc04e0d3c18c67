using System.Text.Json.Nodes;
using GreenServe.Analysis.Grids;
using GreenServe.Records;
using GreenServe.Tests.Analysis;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Cli.Commands.Records;

public sealed class ExportCommandTests
{
    private const string Workload = SmallWorkload.OfTheCatalog;

    [Fact]
    public async Task Parquet_LeavesARecordThatReadsTheSame_WhenItReplacesTheCsv()
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

    [Fact]
    public async Task VllmBench_WritesWhatScriptsOfVllmRead()
    {
        using TemporaryFolder folder = new();
        string run = folder.PathOf("run");
        await CommandRunner.RunAsync("run", folder.Write("small.workload.yaml", Workload), "--out", run);

        CommandResult result = await CommandRunner.RunAsync(
            "export", "vllm-bench", run, "--out", folder.PathOf("result.json"), "--percentiles", "95", "99.9");
        CommandResult nowhere = await CommandRunner.RunAsync(
            "export", "vllm-bench", run, "--out", folder.PathOf("no", "result.json"));
        CommandResult wrong = await CommandRunner.RunAsync(
            "export", "vllm-bench", run, "--out", folder.PathOf("x.json"), "--percentiles", "101");

        JsonNode written = JsonNode.Parse(await File.ReadAllTextAsync(folder.PathOf("result.json")))!;
        Assert.Equal((ExitCode.Success, ""), (result.ExitCode, result.Error));
        Assert.Equal((20, 160), (written["completed"]!.GetValue<int>(), written["total_output_tokens"]!.GetValue<int>()));
        Assert.NotNull(written["p95_ttft_ms"]);
        Assert.NotNull(written["p99.9_itl_ms"]);
        Assert.Equal((ExitCode.BadInput, ExitCode.BadInput), (nowhere.ExitCode, wrong.ExitCode));
        Assert.Contains("result.json: output file", nowhere.Error, StringComparison.Ordinal);
        Assert.Contains("got 101, want numbers in (0, 100]", wrong.Error, StringComparison.Ordinal);
    }
}
