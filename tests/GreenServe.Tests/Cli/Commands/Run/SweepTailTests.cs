using GreenServe.Records;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Cli.Commands.Run;

public sealed class SweepTailTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("workload.slo: dynamollm", true)]
    [InlineData("workload.seed: 2", false)]
    public async Task Sweep_WarnsThatTailsAreThin_WhenAnSloIsStated(string setting, bool warns)
    {
        string experiment = folder.Write("tails.experiment.yaml", $$"""
            name: tails
            purpose: a test
            source: this test
            system: { gpu: H100-80GB-SXM, gpu_count: 8, engine: vllm-0.11 }
            workload: fixed-closed-loop
            overrides: { workload.model: llama-2-7b, workload.arrival.concurrency: 1, workload.requests: 3, {{setting}} }
            grid:
              - name: input_tokens
                path: workload.lengths.input.tokens
                values: [64, 512]
            """);

        CommandResult result = await CommandRunner.RunAsync("sweep", experiment, "--out", folder.PathOf("out"));

        // One user, whose first of three requests is warm-up.
        Assert.Equal((ExitCode.Success, ""), (result.ExitCode, result.Error));
        Assert.Equal(warns, result.Output.Contains(
            "In 2 of 2 points fewer than 1,000 requests after the warm-up stand behind a percentile of the SLO (2 in input-tokens-64).",
            StringComparison.Ordinal));
    }

    public void Dispose() => folder.Dispose();
}
