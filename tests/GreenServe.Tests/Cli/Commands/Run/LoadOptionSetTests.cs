using System.Text.Json.Nodes;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Cli.Commands.Run;

public sealed class LoadOptionSetTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Run_ChangesTheWorkload_WhenOptionsSaySo()
    {
        JsonNode workload = await WorkloadOfRunAsync(
            "--rate", "40", "--input-tokens", "30,5", "--output-tokens", "4", "--requests", "12", "--warm-up", "0.1", "--seed", "9",
            "--slo", "ttft_p99=10s");

        Assert.Equal("constant", (string?)workload["arrival"]!["kind"]);
        Assert.Equal(40, (double)workload["arrival"]!["requests_per_second"]!);
        Assert.Equal("normal", (string?)workload["lengths"]!["input"]!["kind"]);
        Assert.Equal(4, (int)workload["lengths"]!["output"]!["tokens"]!);
        Assert.Equal(12, (int)workload["requests"]!);
        Assert.Equal(0.1, (double)workload["warm_up_seconds"]!);
        Assert.Equal(9, (int)workload["seed"]!);
        Assert.Equal("ttft_p99=10s", (string?)workload["slo"]!["name"]);
    }

    [Fact]
    public async Task Run_BecomesAClosedLoopThatEnds_WhenUsersAndADurationAreGiven()
    {
        JsonNode workload = await WorkloadOfRunAsync("--concurrency", "3", "--duration", "2");

        Assert.Equal("closed_loop", (string?)workload["arrival"]!["kind"]);
        Assert.Equal(2, (double)workload["duration_seconds"]!);

        // 3 users x 2 s x 100 requests/s.
        Assert.Equal(600, (int)workload["requests"]!);
    }

    [Theory]
    [InlineData("--rate", "0", "--rate: got 0, want a number in (0, 1000000]")]
    [InlineData("--concurrency", "0", "--concurrency: got 0, want a whole number in [1, 1000000]")]
    [InlineData("--requests", "0", "--requests: got 0, want a whole number in [1,")]
    [InlineData("--duration", "NaN", "--duration: got NaN, want a number in (0, 10000000]")]
    [InlineData("--warm-up", "-1", "--warm-up: got -1, want a number in [0, 10000000]")]
    [InlineData("--slo", "nobody", "--slo: got 'nobody', want one of")]
    [InlineData("--seed", "9007199254740992", "--seed: got 9007199254740992, want a whole number in [0, 2^53 - 1]")]
    public async Task Run_NamesTheOption_WhenItsValueIsNotAllowed(string option, string value, string message)
    {
        string file = folder.Write("small.workload.yaml", SmallWorkload.OfTheCatalog);

        CommandResult result = await CommandRunner.RunAsync("run", file, option, value, "--out", folder.PathOf("out"));

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NamesTheOtherLength_WhenTheWorkloadDrawsThemTogether()
    {
        CommandResult result = await CommandRunner.RunAsync("run", "dynamollm-mix", "--output-tokens", "5", "--out", folder.PathOf("out"));

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains("--output-tokens: got it alone, want --input-tokens with it", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NamesBoth_WhenRateAndUsersAreGiven()
    {
        string file = folder.Write("small.workload.yaml", SmallWorkload.OfTheCatalog);

        CommandResult result = await CommandRunner.RunAsync("run", file, "--rate", "2", "--concurrency", "2");

        Assert.Equal((ExitCode.BadInput, "--concurrency: got also --rate, want one of them"), (result.ExitCode, result.Error.Trim()));
    }

    private async Task<JsonNode> WorkloadOfRunAsync(params string[] options)
    {
        string file = folder.Write("small.workload.yaml", SmallWorkload.OfTheCatalog);
        CommandResult result = await CommandRunner.RunAsync(
            ["run", file, "--out", folder.PathOf("out"), "--set", "tensor_parallelism=1", .. options]);
        Assert.Equal("", result.Error);
        return RunRecord.Read(folder.PathOf("out")).Manifest.Workload;
    }
}
