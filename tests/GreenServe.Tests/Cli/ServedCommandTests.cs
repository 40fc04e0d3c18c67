using System.Text.Json.Nodes;
using GreenServe.Engine;
using GreenServe.Engine.Http;
using GreenServe.Records;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Tests.Fixtures;
using GreenServe.Tests.Serving;

namespace GreenServe.Tests.Cli;

/// <summary>What a user of a real server types, from the command line to the record.</summary>
public sealed class ServedCommandTests : IDisposable
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
    public async Task Run_LeavesARecordOfWhatTheServerDid_LabelledAsItsServerIs()
    {
        await using FixedScheduleEngine engine = new(ServedRun.Quick);
        await using HttpServer server = await HttpServer.StartAsync(engine, new HttpServerOptions { Port = 0 });

        CommandResult result = await CommandRunner.RunAsync(
            "run", folder.Write("small.workload.yaml", Workload), "--backend", "openai", "--endpoint", $"{server.Address}", "--out", folder.PathOf("run"));

        RunRecord record = RunRecord.Read(folder.PathOf("run"));
        Assert.Equal("", result.Error);
        AssertAtMostTheClientIsBlamed(record);
        Assert.Equal(20, record.Requests.Count(request => request.Status == RequestStatus.Completed && request.OutputTokensCounted == 8));

        // A server that computes nothing is no evidence of any hardware, and this host's joules are not its own.
        Assert.Equal(EvidenceKind.Simulated, record.Manifest.Evidence);
        Assert.Empty(record.Manifest.Meters);
        Assert.Null(record.Manifest.System);

        // Nobody said how many accelerators it has: the simulator's default of eight must not appear.
        Assert.Equal(1, record.Manifest.Knobs.TensorParallelism);
        Assert.NotNull(record.Manifest.Client);
        Assert.Equal(20, record.ClientLags["schedule"].Count);
    }

    [Fact]
    public async Task Run_NeedsAnEndpoint_AndLeavesNothing_WithoutOne()
    {
        string file = folder.Write("small.workload.yaml", Workload);

        CommandResult without = await CommandRunner.RunAsync("run", file, "--backend", "openai", "--out", folder.PathOf("run"));
        CommandResult dead = await CommandRunner.RunAsync("run", file, "--backend", "openai", "--endpoint", "http://127.0.0.1:9", "--out", folder.PathOf("run"));

        Assert.Equal((ExitCode.BadInput, ExitCode.Unavailable), (without.ExitCode, dead.ExitCode));
        Assert.Contains("--endpoint: got nothing", without.Error, StringComparison.Ordinal);
        Assert.Contains("cannot be reached: no connection", dead.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.PathOf("run")));
    }

    [Fact]
    public async Task FindRate_FindsTheLoadThatTheSimulatedSystemBears()
    {
        string file = folder.Write("slo.workload.yaml", Workload.Replace("model: simulated", "model: llama-2-7b\nslo: dynamollm", StringComparison.Ordinal)
            .Replace("requests: 20", "requests: 600", StringComparison.Ordinal).Replace("constant", "poisson", StringComparison.Ordinal));

        CommandResult result = await CommandRunner.RunAsync(
            "find-rate", file, "--set", "tensor_parallelism=1", "--set", "max_batch=2", "--from", "5", "--to", "1000", "--resolution", "0.2", "--out", folder.PathOf("out"));

        JsonObject found = JsonNode.Parse(await File.ReadAllTextAsync(folder.PathOf("out", "find-rate.json")))!.AsObject();
        double highest = found["highest"]!.GetValue<double>();
        double failing = found["lowest_failing"]!.GetValue<double>();
        Assert.Equal((ExitCode.Success, ""), (result.ExitCode, result.Error));
        Assert.InRange(failing / highest, 1, 1.2);
        Assert.Equal(3, found["runs"]!.GetValue<int>());
        Assert.Contains($"of 3 runs", result.Output, StringComparison.Ordinal);
        Assert.Equal(found["trials"]!.AsArray().Count, Directory.GetDirectories(folder.PathOf("out")).Length);
    }

    [Theory]
    [InlineData("slo: dynamollm", "--repetitions", "2", "$.repetitions")]
    [InlineData("slo: dynamollm", "--to", "0.5", "$.highest")]
    [InlineData("seed: 1", "--to", "5", "$.slo")]
    public async Task FindRate_NamesWhatCannotBe(string line, string option, string value, string place)
    {
        string file = folder.Write("w.workload.yaml", Workload + "\n" + line);

        CommandResult result = await CommandRunner.RunAsync("find-rate", file, option, value, "--out", folder.PathOf("out"));

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains(place, result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.PathOf("out")));
    }

    [Fact]
    public async Task Export_WritesWhatVllmsScriptsRead()
    {
        await CommandRunner.RunAsync("run", folder.Write("small.workload.yaml", Workload.Replace("model: simulated", "model: llama-2-7b", StringComparison.Ordinal)), "--out", folder.PathOf("run"));

        CommandResult result = await CommandRunner.RunAsync("export", "vllm-bench", folder.PathOf("run"), "--out", folder.PathOf("result.json"), "--percentiles", "95", "99.9");
        CommandResult nowhere = await CommandRunner.RunAsync("export", "vllm-bench", folder.PathOf("run"), "--out", folder.PathOf("no", "result.json"));
        CommandResult wrong = await CommandRunner.RunAsync("export", "vllm-bench", folder.PathOf("run"), "--out", folder.PathOf("x.json"), "--percentiles", "101");

        JsonNode written = JsonNode.Parse(await File.ReadAllTextAsync(folder.PathOf("result.json")))!;
        Assert.Equal((ExitCode.Success, ""), (result.ExitCode, result.Error));
        Assert.Equal((20, 160), (written["completed"]!.GetValue<int>(), written["total_output_tokens"]!.GetValue<int>()));
        Assert.NotNull(written["p95_ttft_ms"]);
        Assert.NotNull(written["p99.9_itl_ms"]);
        Assert.Equal((ExitCode.BadInput, ExitCode.BadInput), (nowhere.ExitCode, wrong.ExitCode));
        Assert.Contains("result.json: output file", nowhere.Error, StringComparison.Ordinal);
        Assert.Contains("got 101, want numbers in (0, 100]", wrong.Error, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    /// <summary>On a machine that is busy with other tests the client may be late; nothing else may be wrong.</summary>
    private static void AssertAtMostTheClientIsBlamed(RunRecord record) =>
        Assert.All(record.Manifest.Verdict.Reasons, reason => Assert.StartsWith("client-", reason.Code, StringComparison.Ordinal));
}
