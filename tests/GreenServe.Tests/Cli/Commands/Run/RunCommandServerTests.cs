using GreenServe.Engine;
using GreenServe.Engine.Http;
using GreenServe.Records;
using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Tests.Fixtures;
using GreenServe.Tests.Serving;

namespace GreenServe.Tests.Cli.Commands.Run;

/// <summary><c>run</c> with real servers: what a user types, up to the record.</summary>
public sealed class RunCommandServerTests : IDisposable
{
    private const string Workload = SmallWorkload.OfTheServer;

    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task Run_RecordsWhatTheServerDid_WhenItIsReached()
    {
        await using FixedScheduleEngine engine = new(ServedRun.Quick);
        await using HttpServer server = await HttpServer.StartAsync(engine, new HttpServerOptions { Port = 0 });

        CommandResult result = await CommandRunner.RunAsync(
            "run", folder.Write("small.workload.yaml", Workload),
            "--endpoint", $"{server.Address}", "--out", folder.PathOf("run"));

        RunRecord record = RunRecord.Read(folder.PathOf("run"));
        Assert.Equal("", result.Error);
        AssertAtMostTheClientIsBlamed(record);
        Assert.Equal(20, record.Requests.Count(request => request.Status == RequestStatus.Completed && request.OutputTokensCounted == 8));

        // A server that computes nothing is no evidence of any hardware, and this host's joules are not its own.
        Assert.Equal(EvidenceKind.Simulated, record.Manifest.Evidence);
        MeterDescription none = Assert.Single(record.Manifest.Meters);
        Assert.Equal("the server is simulated and shows no energy", none.NotMeasured);
        Assert.Null(record.Manifest.System);

        // Nobody said with what it runs, so the record says nothing: neither the simulator's defaults nor anyone else's.
        Assert.Equal(new Knobs(), record.Manifest.Knobs);
        Assert.Null(record.Manifest.Knobs.TensorParallelism);
        Assert.Null(record.Manifest.Knobs.Precision);
        Assert.NotNull(record.Manifest.Client);
        Assert.Equal(20, record.ClientLags["schedule"].Count);
    }

    [Fact]
    public async Task Run_LeavesNothing_WhenNoServerIsReached()
    {
        string file = folder.Write("small.workload.yaml", Workload);

        CommandResult without = await RunAsync(file);
        CommandResult dead = await RunAsync(file, "--endpoint", "http://127.0.0.1:9", "--ready-timeout", "0");

        Assert.Equal((ExitCode.BadInput, ExitCode.Unavailable), (without.ExitCode, dead.ExitCode));
        Assert.Contains("--endpoint: got nothing", without.Error, StringComparison.Ordinal);
        Assert.Contains("cannot be reached: no connection", dead.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.PathOf("run")));
    }

    [Theory]
    [InlineData("--request-timeout", "0", "want a number in (0, 86400]")]
    [InlineData("--request-timeout", "86401", "want a number in (0, 86400]")]
    [InlineData("--max-in-flight", "0", "want a whole number in [1, 1000000]")]
    [InlineData("--max-in-flight", "1000001", "want a whole number in [1, 1000000]")]
    public async Task Run_NamesTheRange_WhenALimitIsOutOfIt(string option, string value, string expected)
    {
        string file = folder.Write("small.workload.yaml", Workload);

        CommandResult result = await RunAsync(file, "--endpoint", "http://127.0.0.1:9", option, value);

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains($"{option}: got {value}, {expected}", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.PathOf("run")));
    }

    [Theory]
    [InlineData("--endpoint", "http://user:S3CRET@127.0.0.1:9")]
    [InlineData("--endpoint", "user:S3CRET@127.0.0.1:9")]
    [InlineData("--meters", "remote=http://user:S3CRET@127.0.0.1:9")]
    [InlineData("--meters", "prometheus=http://127.0.0.1:9/m?token=S3CRET,metric=p,scope=gpu,unit=horses")]
    [InlineData("--api-key-env", "sk-S3CRET")]
    [InlineData("--api-key-file", "sk-S3CRET")]
    [InlineData("--endpiont", "http://user:S3CRET@127.0.0.1:9")]
    public async Task Run_ShowsNoSecret_WhenAnOptionIsWrong(string option, string value)
    {
        string[] endpoint = option == "--endpoint" ? [] : ["--endpoint", "http://127.0.0.1:9"];

        CommandResult result = await RunAsync(folder.Write("small.workload.yaml", Workload), [.. endpoint, option, value]);

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.DoesNotContain("S3CRET", result.Output + result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.PathOf("run")));
    }

    [Fact]
    public async Task Serve_ShowsNoSecret_WhenTheKeyIsGivenInPlaceOfItsName()
    {
        CommandResult result = await CommandRunner.RunAsync("serve", "simulated", "--port", "0", "--api-key-env", "sk-S3CRET");

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.DoesNotContain("S3CRET", result.Output + result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_RefusesAGpuClock_WhenTheProcessorComputes()
    {
        CommandResult result = await CommandRunner.RunAsync(
            "run", "fixed-closed-loop", "--backend", "engine", "--model", "llama-15m",
            "--set", "gpu_clock_megahertz=1200", "--out", folder.PathOf("run"));

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains("knobs.gpu_clock_megahertz: got 1200, want no clock", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.PathOf("run")));
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("engine")]
    public async Task Run_RefusesAKnobOfTheGpu_WhenThereIsNoPermission(string backend)
    {
        CommandResult result = await CommandRunner.RunAsync(
            [
                "run", "fixed-closed-loop", "--backend", backend, "--model", "llama-15m", "--set", "power_cap_watts=300",
                "--out", folder.PathOf("run"), .. backend == "engine" ? ["--gpu", "H200"] : new[] { "--endpoint", "http://127.0.0.1:1" },
            ]);

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains("knobs.power_cap_watts: got 300, want --allow-device-changes as well", result.Error, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private Task<CommandResult> RunAsync(string file, params string[] options) =>
        CommandRunner.RunAsync(["run", file, "--backend", "openai", "--out", folder.PathOf("run"), .. options]);

    /// <summary>On a machine that is busy with other tests the client may be late; nothing else may be wrong.</summary>
    private static void AssertAtMostTheClientIsBlamed(RunRecord record) =>
        Assert.All(record.Manifest.Verdict.Reasons, reason => Assert.StartsWith("client-", reason.Code, StringComparison.Ordinal));
}
