using GreenServe.Records;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Cli.Commands.Records;

public sealed class CheckGateCommandTests : IDisposable
{
    private const string Experiment = """
        name: small
        purpose: a test
        source: this test
        system: { gpu: H100-80GB-SXM, gpu_count: 8, engine: vllm-0.11 }
        workload: fixed-512-128
        overrides: { workload.model: llama-2-7b, workload.duration_seconds: 30, workload.warm_up_seconds: 2 }
        repetitions: 5
        """;

    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task CheckGate_TakesTheAssumedNoise_WhenThereAreNoRecords()
    {
        CommandResult assumed = await CommandRunner.RunAsync("check-gate", "--trials", "100", "--repetitions", "4");

        Assert.Equal((ExitCode.Success, ""), (assumed.ExitCode, assumed.Error));
        Assert.Contains(
            "of 100 comparisons of equal systems (4 repetitions a side, 11 metrics at once)", assumed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckGate_TakesTheNoiseBetweenRepetitions_WhenThereAreRecords()
    {
        string records = folder.PathOf("before");
        CommandResult swept = await CommandRunner.RunAsync(
            "sweep", folder.Write("small.experiment.yaml", Experiment), "--out", records);

        CommandResult found = await CommandRunner.RunAsync("check-gate", records, "--trials", "100");

        Assert.Equal((ExitCode.Success, ""), (swept.ExitCode, swept.Error));
        Assert.Contains("between the repetitions of 5 simulated runs", found.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckGate_NamesEveryRange_WhenOptionsAreOutOfThem()
    {
        CommandResult wrong = await CommandRunner.RunAsync("check-gate", "--trials", "1", "--spread", "2");

        Assert.Contains("--trials: got 1, want a whole number in [100, 100000]", wrong.Error, StringComparison.Ordinal);
        Assert.Contains("--spread: got 2, want", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckGate_RefusesASpread_WhenRecordsHaveOne()
    {
        CommandResult both = await CommandRunner.RunAsync("check-gate", folder.PathOf("records"), "--spread", "0.02");

        Assert.Equal(ExitCode.BadInput, both.ExitCode);
        Assert.Contains("--spread: got also RECORDS", both.Error, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();
}
