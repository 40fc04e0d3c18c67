using System.Text.Json.Nodes;
using GreenServe.Records;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Cli.Commands.Run;

public sealed class FindRateCommandTests : IDisposable
{
    private const string Workload = SmallWorkload.OfTheServer;

    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task FindRate_FindsTheHighestLoad_WhenASimulatedSystemMeetsTheSlo()
    {
        string file = folder.Write("slo.workload.yaml", Workload
            .Replace("model: simulated", "model: llama-2-7b\nslo: dynamollm", StringComparison.Ordinal)
            .Replace("requests: 20", "requests: 600", StringComparison.Ordinal)
            .Replace("constant", "poisson", StringComparison.Ordinal));

        CommandResult result = await CommandRunner.RunAsync(
            "find-rate", file, "--set", "tensor_parallelism=1", "--set", "max_batch=2",
            "--from", "5", "--to", "1000", "--resolution", "0.2", "--out", folder.PathOf("out"));

        JsonObject found = JsonNode.Parse(await File.ReadAllTextAsync(folder.PathOf("out", "find-rate.json")))!.AsObject();
        double highest = found["highest"]!.GetValue<double>();
        double failing = found["lowest_failing"]!.GetValue<double>();
        Assert.Equal((ExitCode.Success, ""), (result.ExitCode, result.Error));
        Assert.InRange(failing / highest, 1, 1.2);
        Assert.Equal(3, found["runs"]!.GetValue<int>());
        Assert.Contains("of 3 runs", result.Output, StringComparison.Ordinal);
        Assert.Contains(" runs missed it. ", result.Output, StringComparison.Ordinal);

        // 600 requests are too few for a tail: simulated runs are made longer.
        Assert.All(found["trials"]!.AsArray(), trial => Assert.True(trial!["requests"]!.GetValue<int>() >= 1000));
        Assert.Equal(found["trials"]!.AsArray().Count, Directory.GetDirectories(folder.PathOf("out")).Length);
    }

    [Theory]
    [InlineData("slo: dynamollm", "--repetitions", "2", "--repetitions: got 2, want an odd number in [1, 999]")]
    [InlineData("slo: dynamollm", "--to", "0.5", "--to: got 0.5, want a number of at least --from (1)")]
    [InlineData("slo: dynamollm", "--from", "-1", "--from: got -1, want a number in (0, 1000000]")]
    [InlineData("slo: dynamollm", "--resolution", "NaN", "--resolution: got NaN, want a number in (0, 1]")]
    [InlineData("seed: 1", "--to", "5", "$.slo: got nothing, want an SLO")]
    [InlineData("slo: dynamollm", "--set", "workload.arrival={kind: counts, window_seconds: 9, counts: [18]}",
        "$.arrival.kind: got counts, want constant, poisson, gamma, stages or closed_loop")]
    public async Task FindRate_NamesTheOption_WhenTheSearchIsImpossible(string line, string option, string value, string place)
    {
        string file = folder.Write("w.workload.yaml", Workload + "\n" + line);

        CommandResult result = await CommandRunner.RunAsync("find-rate", file, option, value, "--out", folder.PathOf("out"));

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains(place, result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.PathOf("out")));
    }

    [Fact]
    public async Task FindRate_SearchesTheSloOfTheCommandLine_WhenTheWorkloadHasNone()
    {
        string file = folder.Write("w.workload.yaml", Workload.Replace("model: simulated", "model: llama-2-7b", StringComparison.Ordinal));

        CommandResult result = await CommandRunner.RunAsync(
            "find-rate", file, "--set", "slo=dynamollm", "--set", "tensor_parallelism=1", "--from", "1", "--to", "1", "--repetitions", "1",
            "--out", folder.PathOf("out"));

        // One request at a time is far within an SLO of 250 ms. The evidence stands first in the answer and in the file.
        Assert.Equal((ExitCode.Success, ""), (result.ExitCode, result.Error));
        Assert.Contains("\nsimulated evidence: The SLO is met up to 1 requests/s", result.Output, StringComparison.Ordinal);
        JsonObject found = JsonNode.Parse(await File.ReadAllTextAsync(folder.PathOf("out", "find-rate.json")))!.AsObject();
        Assert.Equal("simulated", found["evidence"]!.GetValue<string>());
    }

    public void Dispose() => folder.Dispose();
}
