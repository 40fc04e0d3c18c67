using GreenServe.Cli.Commands.Run;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Records.Tables;
using GreenServe.Running.Judging;
using GreenServe.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace GreenServe.Tests.Cli.Commands.Run;

public sealed class RunCommandTests : IDisposable
{
    private const string Workload = """
        name: small
        purpose: a test
        source: this test
        model: llama-2-7b
        slo: dynamollm
        arrival: { kind: poisson, requests_per_second: 4 }
        lengths:
          kind: independent
          input: { kind: fixed, tokens: 200 }
          output: { kind: uniform, least_tokens: 10, greatest_tokens: 50 }
        requests: 40
        """;

    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task Run_RecordsEveryRequestAndToken_WhenItIsValid()
    {
        string file = folder.Write("small.workload.yaml", Workload);

        CommandResult result = await CommandRunner.RunAsync("run", file, "--set", "tensor_parallelism=1", "--out", folder.PathOf("run"));

        RunRecord record = RunRecord.Read(folder.PathOf("run"));
        Assert.Equal((ExitCode.Success, ""), (result.ExitCode, result.Error));
        Assert.Contains("VALID", result.Output, StringComparison.Ordinal);
        Assert.Equal(40, record.Requests.Count);
        Assert.All(record.Requests, request => Assert.Equal(request.OutputTokensAsked, request.OutputTokensCounted));
        double ofRequests = record.Requests.Sum(request => request.EnergyJoules!.Value);
        double idle = record.Steps.Where(step => step.IsIdle).Sum(step => step.EnergyJoules!.Value);
        Assert.Equal(1, (ofRequests + idle) / record.Steps.Sum(step => step.EnergyJoules!.Value), 1e-9);
    }

    /// <summary>A run and every command that reads its record give one answer.</summary>
    [Theory]
    [InlineData("{ kind: closed_loop, concurrency: 1000 }", 0, "the batch of 1000 never filled")]
    [InlineData("{ kind: poisson, requests_per_second: 4 }", 100_000, "none of 0 requests was completed")]
    public async Task Run_IsInvalidToEveryCommand_WhenItHasNothingSteady(string arrival, int warmUpSeconds, string expected)
    {
        string text = Workload.Replace("{ kind: poisson, requests_per_second: 4 }", arrival, StringComparison.Ordinal);
        string file = folder.Write("small.workload.yaml", $"{text}\nwarm_up_seconds: {warmUpSeconds}\n");
        string path = folder.PathOf("run");

        CommandResult run = await CommandRunner.RunAsync("run", file, "--set", "tensor_parallelism=1", "--out", path);
        string written = File.ReadAllText(Path.Combine(path, RunFiles.Manifest));
        CommandResult judge = await CommandRunner.RunAsync("judge", path);
        CommandResult query = await CommandRunner.RunAsync("query", "select verdict from runs", path, "--format", "csv");

        string verdict = RunRecord.Read(path).Manifest.Verdict.ToString();
        Assert.Equal((ExitCode.InvalidRun, ExitCode.InvalidRun), (run.ExitCode, judge.ExitCode));
        Assert.Contains(expected, verdict, StringComparison.Ordinal);
        Assert.Contains(verdict, run.Output, StringComparison.Ordinal);
        Assert.Equal($"{path}: {verdict}\n1 records, 1 of them INVALID\n", judge.Output.ReplaceLineEndings("\n"));
        Assert.Contains(verdict, query.Output, StringComparison.Ordinal);
        Assert.Equal(written, File.ReadAllText(Path.Combine(path, RunFiles.Manifest)));
        Assert.False(File.Exists(Path.Combine(path, RecordJudge.EarlierManifest)));
    }

    [Fact]
    public async Task Run_LeavesTheSameBytes_WhenItIsRepeated()
    {
        string file = folder.Write("small.workload.yaml", Workload);

        await CommandRunner.RunAsync("run", file, "--out", folder.PathOf("first"));
        await CommandRunner.RunAsync("run", file, "--out", folder.PathOf("second"));
        await CommandRunner.RunAsync("run", file, "--seed", "2", "--out", folder.PathOf("third"));

        Assert.NotEmpty(Directory.GetFiles(folder.PathOf("first")));
        Assert.All(Directory.GetFiles(folder.PathOf("first")), path => Assert.Equal(
            File.ReadAllBytes(path), File.ReadAllBytes(folder.PathOf("second", Path.GetFileName(path)))));
        Assert.NotEqual(
            File.ReadAllText(folder.PathOf("first", RunFiles.Requests)), File.ReadAllText(folder.PathOf("third", RunFiles.Requests)));
    }

    [Fact]
    public async Task Run_ExitsWithInvalidRun_WhenTheLoadExceedsTheSystem()
    {
        string file = folder.Write("flood.workload.yaml", Workload
            .Replace("requests_per_second: 4", "requests_per_second: 4000", StringComparison.Ordinal)
            .Replace("requests: 40", "requests: 20000", StringComparison.Ordinal));

        CommandResult result = await CommandRunner.RunAsync(
            "run", file, "--set", "tensor_parallelism=1", "--set", "max_batch=4", "--out", folder.PathOf("run"));

        Assert.Equal(ExitCode.InvalidRun, result.ExitCode);
        Assert.Contains("INVALID", result.Output, StringComparison.Ordinal);
        Assert.Contains(RunRecord.Read(folder.PathOf("run")).Manifest.Verdict.Reasons, reason => reason.Code == "saturated");
    }

    [Theory]
    [InlineData("requests_per_second: 4", "requests_per_second: -3", ":6: $.arrival.requests_per_second: got -3, want a number in (0, ")]
    [InlineData("requests_per_second: 4", "requests_per_second: 0", "got 0, want a number in (0, ")]
    [InlineData("requests_per_second: 4", "requests_per_second: .nan", "got NaN")]
    [InlineData("requests_per_second: 4", "requests_per_second: fast", "got 'fast'")]
    [InlineData("kind: poisson", "kind: sometimes", "want one of constant, poisson, gamma")]
    [InlineData("requests: 40", "request: 40", "unknown key")]
    [InlineData("slo: dynamollm", "slo: nosuch", "splitwise")]
    [InlineData(
        "slo: dynamollm",
        "slo: { name: x, source: y, limits: [{ metric: ttft, limit_seconds: 1, classes: [XX] }] }",
        "one of SS, SM, SL, MS, MM, ML, LS, LM, LL")]
    [InlineData("model: llama-2-7b", "model: llama-9", "llama-2-7b")]
    [InlineData("model: llama-2-7b", "model: falcon-180b", "weights")]
    public async Task Run_NamesFilePlaceAndWhatIsAllowed_WhenTheWorkloadIsWrong(string good, string bad, string expected)
    {
        string file = folder.Write("bad.workload.yaml", Workload.Replace(good, bad, StringComparison.Ordinal));

        CommandResult result = await CommandRunner.RunAsync("run", file, "--gpus", "1", "--out", folder.PathOf("run"));

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.PathOf("run")), "nothing half-written");
    }

    [Fact]
    public async Task Run_NamesAllProblems_WhenThereAreSeveral()
    {
        string file = folder.Write("bad.workload.yaml", Workload
            .Replace("requests_per_second: 4", "requests_per_second: -1", StringComparison.Ordinal)
            .Replace("tokens: 200", "tokens: 0", StringComparison.Ordinal)
            .Replace("source: this test", "sauce: this test", StringComparison.Ordinal));

        CommandResult result = await CommandRunner.RunAsync("run", file, "--out", folder.PathOf("run"));

        Assert.Equal(4, result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Theory]
    [InlineData("tensor_parallelism=3", "a divisor of the 32 heads")]
    [InlineData("tensor_parallelism=16", "at most the 8 GPUs")]
    [InlineData("gpu_clock_megahertz=5000", "210 to 1980 MHz")]
    [InlineData("power_cap_watts=5", "200 to 700 W")]
    [InlineData("warp=9", "one of the knobs")]
    [InlineData("max_batch", "name=value")]
    public async Task Run_NamesWhatIsAllowed_WhenAKnobIsWrong(string setting, string expected)
    {
        string file = folder.Write("small.workload.yaml", Workload);

        CommandResult result = await CommandRunner.RunAsync("run", file, "--set", setting, "--out", folder.PathOf("run"));

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.PathOf("run")));
    }

    [Fact]
    public async Task Run_LeavesTheFolderAlone_WhenItHoldsSomething()
    {
        string file = folder.Write("small.workload.yaml", Workload);

        CommandResult result = await CommandRunner.RunAsync("run", file, "--out", folder.Root);

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains("a new or empty folder", result.Error, StringComparison.Ordinal);
        Assert.Equal(["small.workload.yaml"], Directory.GetFileSystemEntries(folder.Root).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("there.json", false)]
    [InlineData("there.json", true)]
    [InlineData("no-such-folder/trace.json", false)]
    [InlineData("run/trace.json", true)]
    public async Task Run_LeavesNothing_WhenTheTraceOfEventsCannotBeWritten(string trace, bool isCluster)
    {
        string file = folder.Write("small.workload.yaml", Workload);
        string present = folder.Write("there.json", "kept");
        string cluster = folder.Write(
            "one.cluster.yaml", "replicas: [{ gpu: H100-80GB-SXM, gpu_count: 1, engine: vllm-0.11, knobs: { tensor_parallelism: 1 } }]");
        string[] system = isCluster ? ["--cluster", cluster] : ["--set", "tensor_parallelism=1"];

        CommandResult result = await CommandRunner.RunAsync(
            ["run", file, .. system, "--trace-events", folder.PathOf(trace), "--out", folder.PathOf("run")]);

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains("want a new file in a folder that exists", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.PathOf("run")));
        Assert.Equal("kept", await File.ReadAllTextAsync(present));
    }

    [Fact]
    public async Task Run_ReplaysEveryRequest_WhenTheWorkloadIsATrace()
    {
        CommandResult result = await CommandRunner.RunAsync(
            "run", "azure-conversation-2023-replay", "--model", "llama-3.1-70b", "--out", folder.PathOf("run"));

        Assert.Equal((ExitCode.Success, ""), (result.ExitCode, result.Error));
        Assert.Equal(19_366, RunRecord.Read(folder.PathOf("run")).Requests.Count);
    }

    [Fact]
    public void DefaultFolder_IsNamedByTheTimeInUtc_WhenNoneIsGiven()
    {
        FakeTimeProvider clock = new(new DateTimeOffset(2024, 2, 3, 23, 5, 6, TimeSpan.Zero));

        string name = RunCommand.DefaultFolder(clock);

        Assert.Equal(Path.Combine("runs", "20240203-230506"), name);
    }

    public void Dispose() => folder.Dispose();
}
