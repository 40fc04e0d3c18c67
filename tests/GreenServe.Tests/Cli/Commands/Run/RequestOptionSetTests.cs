using GreenServe.Engine;
using GreenServe.Engine.Http;
using GreenServe.Records;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Tests.Fixtures;
using GreenServe.Tests.Serving;

namespace GreenServe.Tests.Cli.Commands.Run;

/// <summary>What a user may change in the requests, and what is refused.</summary>
public sealed class RequestOptionSetTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Run_SendsWhatTheUserAdds_AndRecordsNoSecret()
    {
        await using FixedScheduleEngine engine = new(ServedRun.Quick);
        await using HttpServer server = await HttpServer.StartAsync(engine, new HttpServerOptions { Port = 0 });

        CommandResult result = await RunAsync(
            "--endpoint", $"{server.Address}", "--header", "X-Tenant: S3CRET-TENANT", "--omit", "min_tokens", "--temperature", "0.5",
            "--body", folder.Write("body.json", """{"user": "S3CRET-USER"}"""));

        RunRecord record = RunRecord.Read(folder.PathOf("run"));
        Assert.Equal("", result.Error);
        Assert.All(record.Requests, request => Assert.Equal(RequestStatus.Completed, request.Status));
        string json = await File.ReadAllTextAsync(Path.Combine(folder.PathOf("run"), "run.json"));
        Assert.Contains("requests_sha256", json, StringComparison.Ordinal);
        Assert.DoesNotContain("S3CRET", json + result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_SpreadsRequests_AndTellsTheResultOfEachEndpoint()
    {
        await using FixedScheduleEngine engine = new(ServedRun.Quick);
        await using HttpServer first = await HttpServer.StartAsync(engine, new HttpServerOptions { Port = 0 });
        await using HttpServer second = await HttpServer.StartAsync(engine, new HttpServerOptions { Port = 0 });

        CommandResult result = await RunAsync(
            "--endpoint", $"{first.Address}", "--endpoint", $"{second.Address}", "--balance", "round-robin");

        RunRecord record = RunRecord.Read(folder.PathOf("run"));
        Assert.Equal("", result.Error);

        // Twenty requests in turn.
        string[] names = [first.Address.Authority, second.Address.Authority];
        Assert.Equal([10, 10], names.Select(name => record.Requests.Count(request => request.ServerId == name)));
        Assert.Equal(2, record.Manifest.Counters["endpoints"]);
        Assert.All(names, name => Assert.Matches($"endpoint {name} +10 of 10 completed \\(TTFT", result.Output));
    }

    [Theory]
    [InlineData("--endpoint: got http://127.0.0.1:9/ twice", "--endpoint", "http://127.0.0.1:9", "--endpoint", "http://127.0.0.1:9/")]
    [InlineData(
        "--endpoint: got http://localhost:9/ beside http://127.0.0.1:9/, which leads to the same server (this machine port 9)",
        "--endpoint", "http://127.0.0.1:9", "--endpoint", "http://localhost:9")]
    [InlineData("--endpoint: got http://[::1]:9/v1 beside", "--endpoint", "http://127.0.0.1:9", "--endpoint", "http://[::1]:9/v1")]
    [InlineData("--endpoint: got http://0.0.0.0:9, want an http or https address", "--endpoint", "http://0.0.0.0:9")]
    [InlineData("--endpoint: got second", "--endpoint", "http://127.0.0.1:9", "--endpoint", "second")]
    [InlineData("--balance: got it with one endpoint", "--endpoint", "http://127.0.0.1:9", "--balance", "least-in-flight")]
    public async Task Run_NamesTheProblem_WhenEndpointsDoNotFit(string expected, params string[] options)
    {
        CommandResult result = await RunAsync(options);

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NamesTheMember_WhenTheServerRefusesIt()
    {
        await using FixedScheduleEngine engine = new(ServedRun.Quick);
        await using HttpServer server = await HttpServer.StartAsync(engine, new HttpServerOptions { Port = 0 });

        CommandResult result = await RunAsync(
            "--endpoint", $"{server.Address}", "--body", folder.Write("body.json", """{"no_such_member": 1}"""));

        Assert.Equal(ExitCode.Unavailable, result.ExitCode);
        Assert.Contains("A first request failed: 400", result.Error, StringComparison.Ordinal);
        Assert.Contains("no_such_member", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.PathOf("run")));
    }

    [Fact]
    public async Task Run_NamesEveryProblem_AtOnce()
    {
        CommandResult result = await RunAsync(
            "--endpoint", "nowhere", "--header", "Host: S3CRET", "--omit", "prompt", "--body", folder.Write("body.json", "[]"),
            "--adapters", "a,,b", "--client-key", "key.pem", "--api-key-env", "NO_SUCH_VARIABLE_OF_S3CRETS");

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        string[] expected =
        [
            "--endpoint: got nowhere", "--api-key-env: got a name", "--header: got the header Host", "--body: got JSON that is no object",
            "--omit: got prompt", "--adapters: got a,,b", "--client-key: got it without --client-cert",
        ];
        Assert.All(expected, problem => Assert.Contains(problem, result.Error, StringComparison.Ordinal));
        Assert.DoesNotContain("S3CRET", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--temperature", "2.1", "want a number in [0, 2]")]
    [InlineData("--temperature", "NaN", "want a number in [0, 2]")]
    [InlineData("--top-p", "0", "want a number in (0, 1]")]
    [InlineData("--top-k", "0", "want a whole number of at least 1")]
    [InlineData("--sampling-seed", "-1", "want a whole number of at least 0")]
    [InlineData("--adapter-exponent", "11", "want a number in [0, 10]")]
    [InlineData("--adapter-exponent", "2", "--adapter-exponent: got it without --adapters")]
    [InlineData("--ready-timeout", "-1", "want a number in [0, 86400]")]
    [InlineData("--ca", "no-such-file.pem", "--ca: got it with an endpoint without TLS")]
    [InlineData("--body", "no-such-file.json", "want an existing file")]
    public async Task Run_NamesTheRange_WhenAValueIsOutOfIt(string option, string value, string expected)
    {
        CommandResult result = await RunAsync("--endpoint", "http://127.0.0.1:9", option, value);

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
    }

    private Task<CommandResult> RunAsync(params string[] options) => CommandRunner.RunAsync(
        ["run", folder.Write("small.workload.yaml", SmallWorkload.OfTheServer), "--out", folder.PathOf("run"), .. options]);
}
