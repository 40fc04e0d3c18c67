using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Cli.Commands.Run;

/// <summary>What is written while points run, and what <c>--quiet</c> leaves of it.</summary>
public sealed class LiveOptionSetTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task Quiet_LeavesTheAnswer_WhenARateIsSearched()
    {
        string file = folder.Write("w.workload.yaml", SmallWorkload.OfTheCatalog + "\nslo: dynamollm");
        string[] search = ["find-rate", file, "--set", "tensor_parallelism=1", "--from", "1", "--to", "1", "--repetitions", "1"];

        CommandResult shown = await CommandRunner.RunAsync([.. search, "--out", folder.PathOf("shown")]);
        CommandResult quiet = await CommandRunner.RunAsync([.. search, "--out", folder.PathOf("quiet"), "--quiet"]);

        // A line for the one run, and the answer: the load, and the limit that is closest.
        string[] lines = shown.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.Equal(lines[1..], quiet.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Quiet_LeavesTheEvidenceAndTheResult_WhenASweepRuns()
    {
        string file = folder.Write("s.experiment.yaml", """
            name: small
            purpose: a test
            source: this test
            workload: fixed-closed-loop
            system: { gpu: H100-80GB-SXM, gpu_count: 1, engine: vllm-0.11 }
            knobs: { tensor_parallelism: 1 }
            overrides: { workload.model: llama-2-7b, workload.requests: 8 }
            grid:
              - { name: max-batch, path: knobs.max_batch, values: [1, 2] }
            """);

        CommandResult shown = await CommandRunner.RunAsync("sweep", file, "--out", folder.PathOf("shown"));
        CommandResult quiet = await CommandRunner.RunAsync("sweep", file, "--out", folder.PathOf("quiet"), "--quiet");

        Assert.Contains("s.experiment.yaml: 2 of 2", shown.Output, StringComparison.Ordinal);
        string[] lines = quiet.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("simulated evidence", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("2 points, 0 kept, 2 run", lines[1], StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();
}
