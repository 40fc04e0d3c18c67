using GreenServe.Records;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Cli.Commands.Run;

public sealed class ArtifactPlanTests : IDisposable
{
    private const string Experiment = """
        name: small
        artifact: input-length
        purpose: a test
        source: this test
        system: { gpu: H100-80GB-SXM, gpu_count: 8, engine: vllm-0.11 }
        workload: fixed-closed-loop
        overrides: { workload.model: llama-2-7b, workload.arrival.concurrency: 1, workload.requests: 3 }
        grid:
          - name: input_tokens
            path: workload.lengths.input.tokens
            values: [64, 512]
        """;

    private const string NoArtifact = "artifact: input-length";
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("artifact: input-length", "artifact: gpu-clock", ":2: $.artifact: got 'gpu-clock' without gpu_clock_megahertz, batch in")]
    [InlineData("artifact: input-length", "artifact: mine", ":2: $.artifact: got 'mine', want one of input-length, ")]
    [InlineData("name: small", "name: load-power", ":1: $.name: got 'load-power', want another name", NoArtifact)]
    [InlineData("name: input_tokens", "name: ttft_p99_seconds", ":9: $.grid[0].name: got 'ttft_p99_seconds', want a name of 1 to 60")]
    [InlineData(
        "[64, 512]",
        "[a, b, c, d, e, f, g, h, i, j, k, l, m, o, p, q, r, s, t, u, v, w, x, z, aa]",
        "$.grid: got 25 names of input_tokens, want a grid that a figure can show",
        NoArtifact)]
    public async Task Sweep_RunsNoPoint_WhenItsArtifactCouldNotBeDrawn(string good, string bad, string expected, string without = "none")
    {
        string text = Experiment.Replace(good, bad, StringComparison.Ordinal).Replace(without, "# nothing", StringComparison.Ordinal);

        CommandResult result = await SweepAsync(text);

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.PathOf("out")));
    }

    [Fact]
    public async Task Sweep_NamesEveryProblemAtOnce()
    {
        string text = Experiment.Replace(NoArtifact, "# nothing", StringComparison.Ordinal)
            .Replace("name: small", "name: runs", StringComparison.Ordinal)
            .Replace("name: input_tokens", "name: seeds", StringComparison.Ordinal);

        CommandResult result = await SweepAsync(text);

        Assert.Equal(2, result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task Sweep_Runs_WhereTheGridCanBeDrawn()
    {
        CommandResult result = await SweepAsync(Experiment.Replace(NoArtifact, "# nothing", StringComparison.Ordinal));

        Assert.Equal((ExitCode.Success, ""), (result.ExitCode, result.Error));
    }

    public void Dispose() => folder.Dispose();

    private Task<CommandResult> SweepAsync(string experiment) => CommandRunner.RunAsync(
        ["sweep", folder.Write("small.experiment.yaml", experiment), "--out", folder.PathOf("out")]);
}
