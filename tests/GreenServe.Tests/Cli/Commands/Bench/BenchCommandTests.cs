using System.Text.Json.Nodes;
using GreenServe.Engine;
using GreenServe.Engine.Http;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Tests.Fixtures;
using GreenServe.Tests.Serving;

namespace GreenServe.Tests.Cli.Commands.Bench;

public sealed class BenchCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Folder => folder.PathOf("out");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Bench_LeavesRecordsReportAndResult_WhenLoadsAreGiven()
    {
        await using FixedScheduleEngine engine = new(ServedRun.Quick);
        await using HttpServer server = await HttpServer.StartAsync(engine, new HttpServerOptions { Port = 0 });

        CommandResult result = await CommandRunner.RunAsync(
            "bench", $"{server.Address}", "--rates", "20,40", "--requests", "10", "--input-tokens", "16", "--output-tokens", "8",
            "--slo", "ttft_p99=60s", "--out", Folder, "--json", folder.PathOf("result.json"));

        Assert.Equal("", result.Error);
        Assert.StartsWith("20 requests/s ", result.Output, StringComparison.Ordinal);
        Assert.Contains("simulated evidence (no hardware was measured)", result.Output, StringComparison.Ordinal);
        Assert.Contains("energy   not measured: gpu: the server is simulated and shows no energy", result.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Folder, "index.html")));
        Assert.Equal(10, RunRecord.Read(Path.Combine(Folder, "rate-20")).Requests.Count);

        JsonNode json = JsonNode.Parse(await File.ReadAllTextAsync(folder.PathOf("result.json")))!;
        JsonNode point = json["points"]![1]!;
        Assert.Equal("bench", (string?)json["command"]);
        Assert.Equal(result.ExitCode, (int)json["exit_code"]!);
        // A busy machine disturbs the client, and the load is then repeated.
        Assert.StartsWith("rate-40", (string?)point["point"], StringComparison.Ordinal);
        Assert.Equal(40, (double)point["coordinates"]!["requests_per_second"]!);
        Assert.Equal(
            "gpu: the server is simulated and shows no energy",
            (string?)point["metrics"]!["joules_per_output_token"]!["not_measured"]);
    }

    [Fact]
    public async Task Bench_UsesTheRecords_WhenItGoesOn()
    {
        await using FixedScheduleEngine engine = new(ServedRun.Quick);
        await using HttpServer server = await HttpServer.StartAsync(engine, new HttpServerOptions { Port = 0 });
        string[] asked =
        [
            "bench", $"{server.Address}", "--concurrency", "1", "--requests", "5", "--input-tokens", "16", "--output-tokens", "8",
            "--out", Folder,
        ];
        await CommandRunner.RunAsync(asked);
        DateTime written = File.GetLastWriteTimeUtc(Path.Combine(Folder, "users-1", "run.json"));

        CommandResult refused = await CommandRunner.RunAsync(asked);
        CommandResult resumed = await CommandRunner.RunAsync([.. asked, "--resume"]);

        Assert.Equal(ExitCode.BadInput, refused.ExitCode);
        Assert.Equal("", resumed.Error);
        Assert.Equal(written, File.GetLastWriteTimeUtc(Path.Combine(Folder, "users-1", "run.json")));
    }

    [Fact]
    public async Task Bench_KeepsTheRecord_WhenItGoesOnAndANewerVersionWroteIt()
    {
        await using FixedScheduleEngine engine = new(ServedRun.Quick);
        await using HttpServer server = await HttpServer.StartAsync(engine, new HttpServerOptions { Port = 0 });
        Directory.CreateDirectory(Path.Combine(Folder, "users-1"));
        string manifest = Path.Combine(Folder, "users-1", "run.json");
        string own = Path.Combine(Folder, "users-1", "precious.txt");
        await File.WriteAllTextAsync(manifest, """{"schema_version": 2}""");
        await File.WriteAllTextAsync(own, "mine");

        CommandResult result = await CommandRunner.RunAsync(
            "bench", $"{server.Address}", "--concurrency", "1", "--requests", "5", "--out", Folder, "--resume");

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains($"{manifest}:1: $.schema_version: got 2, want 1 to 1 (a newer record", result.Error, StringComparison.Ordinal);
        Assert.All([manifest, own], file => Assert.True(File.Exists(file)));
    }

    [Theory]
    [InlineData("--rates", "1,x", "--rates: got 'x', want rates in (0, 1000000]")]
    [InlineData("--rates", "1,0", "--rates: got '0', want rates in (0, 1000000]")]
    [InlineData("--rates", "2,2.0", "--rates: got 2 requests/s twice, want each load once")]
    [InlineData("--concurrency", "1.5", "--concurrency: got '1.5', want whole numbers in [1, 1000000]")]
    [InlineData("--minutes", "0", "--minutes: got 0, want a number in (0, 1440]")]
    [InlineData("--slo", "fast", "--slo: got 'fast', want one of")]
    [InlineData("--input-tokens", "many", "--input-tokens: got 'many', want a number of tokens")]
    [InlineData("--set", "gpu=H100", "--set gpu=H100: got an option that a server that is running already does not use")]
    [InlineData("--json", "no-such-folder/result.json", "--json: got no-such-folder/result.json, want a file in a folder that exists")]
    public async Task Bench_NamesTheOption_WhenItsValueIsNotAllowed(string option, string value, string message)
    {
        CommandResult result = await CommandRunner.RunAsync("bench", "http://127.0.0.1:9", option, value, "--out", Folder);

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Folder));
    }

    [Fact]
    public async Task Bench_SaysWhatFailed_WhenTheServerAnswersNothing()
    {
        await using FixedScheduleEngine engine = new(ServedRun.Quick);
        HttpServerOptions options = new() { Port = 0, Faults = new FaultPlan(FaultKind.InternalError, 1) };
        await using HttpServer server = await HttpServer.StartAsync(engine, options);

        CommandResult result = await CommandRunner.RunAsync(
            "bench", $"{server.Address}", "--rate", "20", "--requests", "10", "--input-tokens", "16", "--output-tokens", "8",
            "--out", Folder);

        Assert.Equal(ExitCode.InvalidRun, result.ExitCode);
        Assert.Contains("INVALID  20 requests/s: ", result.Output, StringComparison.Ordinal);
        Assert.Contains("10 of 10 requests failed", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("above capacity", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bench_SaysThatTheLoadIsAboveCapacity_WhenTheServerTurnsRequestsAway()
    {
        await using FixedScheduleEngine engine = new(ServedRun.Quick);
        HttpServerOptions options = new() { Port = 0, Faults = new FaultPlan(FaultKind.TooManyRequests, 2) };
        await using HttpServer server = await HttpServer.StartAsync(engine, options);

        CommandResult result = await CommandRunner.RunAsync(
            "bench", $"{server.Address}", "--rate", "20", "--requests", "20", "--input-tokens", "16", "--output-tokens", "8",
            "--out", Folder, "--json", folder.PathOf("result.json"));

        // Where a busy machine disturbed the client, nothing is known of the server.
        JsonNode reasons = JsonNode.Parse(await File.ReadAllTextAsync(folder.PathOf("result.json")))!["points"]![0]!["reasons"]!;
        bool isDisturbed = reasons.AsArray().Any(reason => ((string)reason!["code"]!).StartsWith("client-", StringComparison.Ordinal));
        Assert.Equal(!isDisturbed, result.Output.Contains("above capacity", StringComparison.Ordinal));
        Assert.Contains(reasons.AsArray(), reason => (string?)reason!["code"] == "failures");
    }

    [Fact]
    public async Task Bench_NamesTheWarmUp_WhenItIsLongerThanTheLoad()
    {
        CommandResult result = await CommandRunner.RunAsync(
            "bench", "http://127.0.0.1:9", "--rate", "1", "--warm-up", "10", "--duration", "5", "--out", Folder);

        Assert.Equal(
            (ExitCode.BadInput, "--warm-up: got 10, want less than --duration (5 s)"), (result.ExitCode, result.Error.Trim()));
    }

    [Fact]
    public async Task Bench_NamesBothOptions_WhenLoadsAreGivenTwice()
    {
        CommandResult result = await CommandRunner.RunAsync(
            "bench", "http://127.0.0.1:9", "--rate", "1", "--concurrency", "2", "--out", Folder);

        Assert.Equal((ExitCode.BadInput, "--concurrency: got also --rate, want one of them"), (result.ExitCode, result.Error.Trim()));
    }

    [Fact]
    public async Task Bench_LeavesNothing_WhenNoServerIsReached()
    {
        CommandResult result = await CommandRunner.RunAsync("bench", "http://127.0.0.1:9", "--ready-timeout", "0", "--out", Folder);

        Assert.Equal(ExitCode.Unavailable, result.ExitCode);
        Assert.Contains("cannot be reached", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Folder));
    }

    [Fact]
    public async Task Bench_NamesTheEndpoint_WhenItIsNoAddress()
    {
        CommandResult result = await CommandRunner.RunAsync("bench", "nowhere", "--out", Folder);

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains("ENDPOINT: got nowhere, want", result.Error, StringComparison.Ordinal);
    }
}
