using System.Text.Json.Nodes;
using GreenServe.Records;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Cli.Commands.Run;

public sealed class FindRateCommandTests : IDisposable
{
    private const string Workload = """
        name: small
        purpose: a test
        source: this test
        model: simulated
        arrival: { kind: constant, requests_per_second: 50 }
        lengths: { kind: independent, input: { kind: fixed, tokens: 20 }, output: { kind: fixed, tokens: 8 } }
        requests: 20
        """;

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
        Assert.Equal(found["trials"]!.AsArray().Count, Directory.GetDirectories(folder.PathOf("out")).Length);
    }

    [Theory]
    [InlineData("slo: dynamollm", "--repetitions", "2", "$.repetitions")]
    [InlineData("slo: dynamollm", "--to", "0.5", "$.highest")]
    [InlineData("seed: 1", "--to", "5", "$.slo")]
    public async Task FindRate_NamesTheOption_WhenTheSearchIsImpossible(string line, string option, string value, string place)
    {
        string file = folder.Write("w.workload.yaml", Workload + "\n" + line);

        CommandResult result = await CommandRunner.RunAsync("find-rate", file, option, value, "--out", folder.PathOf("out"));

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains(place, result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.PathOf("out")));
    }

    public void Dispose() => folder.Dispose();
}
