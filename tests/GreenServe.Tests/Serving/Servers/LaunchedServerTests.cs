using System.Net;
using System.Net.Sockets;
using GreenServe.Records;
using GreenServe.Serving.Servers;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Serving.Servers;

public sealed class LaunchedServerTests
{
    [SkippableFact]
    public async Task Start_WaitsUntilTheServerIsReady_AndDisposeStopsIt()
    {
        string program = Path.Combine(AppContext.BaseDirectory, "greenserve.dll");
        Skip.IfNot(File.Exists(program), "greenserve.dll does not lie beside the tests");
        using TemporaryFolder folder = new();
        ServerCommand command = Command(["dotnet", program, "serve", "simulated", "--fixed-gap", "0", "--port", "{port}"]);

        Uri endpoint;
        using HttpClient client = new();
        string log = folder.PathOf("server.log");
        await using (LaunchedServer server = await LaunchedServer.StartAsync(command, log, CancellationToken.None))
        {
            endpoint = server.Endpoint;
            Assert.Contains("simulated", await client.GetStringAsync(new Uri(endpoint, "/v1/models")), StringComparison.Ordinal);
        }

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(new Uri(endpoint, "/health")));
        Assert.Contains($"Serving simulated on {endpoint}", await File.ReadAllTextAsync(log), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Start_StopsTheWholeGroup_WhenItNeverBecomesReady()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "looks at /proc");
        using TemporaryFolder folder = new();

        // A number that no other process has on its command line.
        string marker = $"86{Random.Shared.Next(100_000, 999_999)}";
        string script = $"sleep {marker} & sleep {marker} & echo started; trap '' TERM; wait; sleep {marker}";
        ServerCommand command = Command(["/bin/sh", "-c", script]) with
        {
            ReadySeconds = 0.3,
            StopSeconds = 0.3,
        };

        UnavailableException exception = await Assert.ThrowsAsync<UnavailableException>(
            () => LaunchedServer.StartAsync(command, folder.PathOf("server.log"), CancellationToken.None));

        Assert.Contains("not ready after 0.3 s", exception.Message, StringComparison.Ordinal);
        Assert.Contains("started", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(ProcessList.Commands(), text => text.Contains(marker, StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task KillAll_EndsEveryServer_ThatRuns()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "looks at /proc");
        using TemporaryFolder folder = new();
        ServerProcesses processes = new();

        // A number that no other process has on its command line. The server never becomes ready and does not heed a polite request.
        string marker = $"87{Random.Shared.Next(100_000, 999_999)}";
        ServerCommand command = Command(["/bin/sh", "-c", $"trap '' TERM; echo up; while true; do sleep {marker}; done"]);
        Task<LaunchedServer> starting = LaunchedServer.StartAsync(command, folder.PathOf("server.log"), CancellationToken.None, processes);
        Assert.Equal(1, processes.Count);

        processes.KillAll();

        UnavailableException exception = await Assert.ThrowsAsync<UnavailableException>(() => starting);
        Assert.Contains("before it was ready", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(ProcessList.Commands(), text => text.Contains(marker, StringComparison.Ordinal));
        Assert.Equal(0, processes.Count);
    }

    [SkippableFact]
    public async Task Start_ShowsTheLastLines_WhenTheServerEndsAtOnce()
    {
        Skip.If(OperatingSystem.IsWindows(), "needs /bin/sh");
        using TemporaryFolder folder = new();
        ServerCommand command = Command(["/bin/sh", "-c", "echo no such device >&2; exit 7"]);

        UnavailableException exception = await Assert.ThrowsAsync<UnavailableException>(
            () => LaunchedServer.StartAsync(command, folder.PathOf("server.log"), CancellationToken.None));

        Assert.Contains("exit code 7", exception.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Start_KeepsABoundedLog_WhenTheServerPrintsOneLineWithoutEnd()
    {
        Skip.If(OperatingSystem.IsWindows(), "needs /bin/sh");
        using TemporaryFolder folder = new();

        // Three million signs without a line feed, and a last line after them.
        ServerCommand command = Command(["/bin/sh", "-c", "head -c 3000000 /dev/zero | tr '\\0' x; echo; echo no such device; exit 7"]);

        UnavailableException exception = await Assert.ThrowsAsync<UnavailableException>(
            () => LaunchedServer.StartAsync(command, folder.PathOf("server.log"), CancellationToken.None));

        Assert.Contains("exit code 7", exception.Message, StringComparison.Ordinal);
        Assert.EndsWith("no such device", exception.Message, StringComparison.Ordinal);
        string[] lines = await File.ReadAllLinesAsync(folder.PathOf("server.log"));
        Assert.EndsWith("x (line cut after 65536 characters)", lines[0], StringComparison.Ordinal);
        Assert.Equal(65_536, lines[0].Count(sign => sign == 'x'));
    }

    [Fact]
    public void Log_EndsAtItsLimit_AndStillShowsTheLastLines()
    {
        using TemporaryFolder folder = new();
        string path = folder.PathOf("server.log");
        using (ServerLog log = new(path, maxLength: 10))
        {
            log.Add("12345");
            log.Add("1234567");
            log.Add("last");

            Assert.Equal("12345\n1234567\nlast", log.Tail());
        }

        // Six characters with the line feed, and eight more would be fourteen.
        Assert.Equal(["12345", "(the log ends here: it has reached 10 characters)"], File.ReadAllLines(path));
    }

    [Fact]
    public async Task Start_Fails_WhenThereIsNoSuchProgram()
    {
        using TemporaryFolder folder = new();

        await Assert.ThrowsAsync<UnavailableException>(
            () => LaunchedServer.StartAsync(Command(["no-such-program-anywhere"]), folder.PathOf("server.log"), CancellationToken.None));
    }

    [Fact]
    public async Task Start_Refuses_WhenAnotherServerHasThePort()
    {
        using TemporaryFolder folder = new();
        using TcpListener other = new(IPAddress.Loopback, 0);
        other.Start();
        int port = ((IPEndPoint)other.LocalEndpoint).Port;

        InvalidInputException exception = await Assert.ThrowsAsync<InvalidInputException>(
            () => LaunchedServer.StartAsync(Command(["true"], port), folder.PathOf("server.log"), CancellationToken.None));

        Assert.Equal("server.port", Assert.Single(exception.Problems).Place);
    }

    private static ServerCommand Command(string[] parts, int? port = null)
    {
        int number = port ?? LaunchedServer.FreePort();
        Uri root = new($"http://127.0.0.1:{number}/");
        return new ServerCommand
        {
            Command = [.. parts.Select(part => part.Replace("{port}", $"{number}", StringComparison.Ordinal))],
            Environment = new Dictionary<string, string>(),
            Endpoint = root,
            Ready = new Uri(root, "/health"),
            Metrics = new Uri(root, "/metrics"),
            ReadySeconds = 60,
            StopSeconds = 10,
        };
    }
}
