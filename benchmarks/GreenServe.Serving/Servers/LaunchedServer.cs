using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using GreenServe.Records;
using GreenServe.Records.Verdicts;
using GreenServe.Serving.Streams;

namespace GreenServe.Serving.Servers;

/// <summary>A server this process has started, with everything that server started. It is stopped when this is disposed.</summary>
public sealed class LaunchedServer : IAsyncDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);
    private readonly ServerCommand command;
    private readonly ProcessGroup group;
    private readonly ServerLog log;

    private LaunchedServer(ServerCommand command, ProcessGroup group, ServerLog log)
    {
        this.command = command;
        this.group = group;
        this.log = log;
    }

    /// <summary>Root of the server.</summary>
    public Uri Endpoint => command.Endpoint;

    /// <summary>Where its Prometheus metrics are.</summary>
    public Uri Metrics => command.Metrics;

    /// <summary>What is wrong with it: it ended although nobody asked it to; <c>null</c> while it runs.</summary>
    public VerdictReason? ReasonAgainst => group.ExitCode is { } code
        ? new VerdictReason(VerdictCode.ServerEnded, $"the server ended with exit code {code} during the run; its last line: {log.Tail().Split('\n')[^1]}")
        : null;

    /// <summary>Kills every server that runs, without waiting: for a process that must end now.</summary>
    public static void KillAll() => ProcessGroup.KillAll();

    /// <summary>A port on the loopback that was free a moment ago.</summary>
    public static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Starts a server and waits until it is ready.</summary>
    /// <param name="command">What to start.</param>
    /// <param name="logPath">File that gets everything it prints.</param>
    /// <param name="cancellationToken">Stops waiting, and the server.</param>
    /// <exception cref="InvalidInputException">Somebody listens on the port already: it would be measured instead.</exception>
    /// <exception cref="UnavailableException">It cannot be started, ended, or was not ready in time; with the end of its log.</exception>
    public static async Task<LaunchedServer> StartAsync(ServerCommand command, string logPath, CancellationToken cancellationToken)
    {
        CheckPortIsFree(command.Endpoint.Port);
        ServerLog log = new(logPath);
        ProcessGroup? group = null;
        try
        {
            group = ProcessGroup.Start(command, log.Add);
            LaunchedServer server = new(command, group, log);
            await server.WaitUntilReadyAsync(cancellationToken).ConfigureAwait(false);
            return server;
        }
        catch
        {
            if (group is not null)
            {
                await group.StopAsync(TimeSpan.FromSeconds(command.StopSeconds)).ConfigureAwait(false);
            }

            log.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await group.StopAsync(TimeSpan.FromSeconds(command.StopSeconds)).ConfigureAwait(false);
        log.Dispose();
    }

    private async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        using HttpClient client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(5) };
        long start = Stopwatch.GetTimestamp();
        while (!await IsReadyAsync(client, cancellationToken).ConfigureAwait(false))
        {
            if (group.ExitCode is { } code)
            {
                throw new UnavailableException($"The server ended with exit code {code} before it was ready. Its last lines:\n{log.Tail()}");
            }

            if (Stopwatch.GetElapsedTime(start).TotalSeconds > command.ReadySeconds)
            {
                throw new UnavailableException($"The server was not ready after {command.ReadySeconds} s. Its last lines:\n{log.Tail()}");
            }

            await Task.Delay(PollInterval, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<bool> IsReadyAsync(HttpClient client, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage response = await client.GetAsync(command.Ready, cancellationToken).ConfigureAwait(false);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
    }

    private static void CheckPortIsFree(int port)
    {
        try
        {
            using TcpListener listener = new(IPAddress.Loopback, port);
            listener.Start();
        }
        catch (SocketException exception)
        {
            throw new InvalidInputException(new Problem("server.port", $"{port} ({ErrorText.Clean(exception.Message)})", "a free port"));
        }
    }
}
