using System.Net;
using System.Net.Sockets;
using GreenServe.Records;
using GreenServe.Records.Http;
using GreenServe.Records.Verdicts;
using GreenServe.Serving.Streams;

namespace GreenServe.Serving.Servers;

/// <summary>
/// A server that this process has started, with every process that the server started itself. Disposing stops all of them.
/// </summary>
public sealed class LaunchedServer : IAsyncDisposable
{
    /// <summary>Time between two questions whether the server is ready: short against the seconds that a model takes to load.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest wait for one answer to that question; a server under load of its own start may be slow.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    /// <summary>Longest wait for the last lines of a server that has ended: they are in the pipe already.</summary>
    private static readonly TimeSpan LastLinesLimit = TimeSpan.FromSeconds(1);
    private readonly ServerCommand command;
    private readonly ProcessGroup group;
    private readonly ServerLog log;
    private readonly ServerProcesses? processes;

    private LaunchedServer(ServerCommand command, ProcessGroup group, ServerLog log, ServerProcesses? processes)
    {
        this.command = command;
        this.group = group;
        this.log = log;
        this.processes = processes;
        processes?.Add(group);
    }

    /// <summary>Root of the server, for example <c>http://127.0.0.1:8000/</c>.</summary>
    public Uri Endpoint => command.Endpoint;

    /// <summary>Address of the server's Prometheus metrics.</summary>
    public Uri Metrics => command.Metrics;

    /// <summary>The verdict reason of a server that ended although nobody stopped it; <c>null</c> while it runs.</summary>
    public VerdictReason? ReasonAgainst => group.ExitCode is { } code
        ? new VerdictReason(
            VerdictCode.ServerEnded,
            $"the server ended with exit code {code} during the run; its last line: {log.Tail().Split('\n')[^1]}")
        : null;

    /// <summary>Finds a TCP port on the loopback interface that is free now. Another process may still take it before it is used.</summary>
    public static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Starts a server and waits until it is ready.</summary>
    /// <param name="command">The server's command line, environment and addresses.</param>
    /// <param name="logPath">File that receives every line that the server prints.</param>
    /// <param name="cancellationToken">Stops the wait, and the server with it.</param>
    /// <param name="processes">
    /// Keeps the server until it has stopped, so that it can be killed with all others; <c>null</c> for nobody.
    /// </param>
    /// <param name="time">The clock of all waits; <c>null</c> for the system's.</param>
    /// <exception cref="InvalidInputException">Another process listens on the port already, and would be measured instead.</exception>
    /// <exception cref="UnavailableException">
    /// The server cannot be started, ended before it was ready, or was not ready in time. The message has the end of its log.
    /// </exception>
    public static async Task<LaunchedServer> StartAsync(
        ServerCommand command,
        string logPath,
        CancellationToken cancellationToken,
        ServerProcesses? processes = null,
        TimeProvider? time = null)
    {
        CheckPortIsFree(command.Endpoint.Port);
        time ??= TimeProvider.System;
        ServerLog log = new(logPath);
        LaunchedServer? server = null;
        try
        {
            server = new LaunchedServer(command, ProcessGroup.Start(command, log.Add, time), log, processes);
            await server.WaitUntilReadyAsync(time, cancellationToken).ConfigureAwait(false);
            return server;
        }
        catch
        {
            if (server is not null)
            {
                await server.DisposeAsync().ConfigureAwait(false);
            }

            log.Dispose();
            throw;
        }
    }

    /// <summary>Stops the server: asks it to end, waits for <see cref="ServerCommand.StopSeconds"/>, and kills what is left.</summary>
    public async ValueTask DisposeAsync()
    {
        await group.StopAsync(TimeSpan.FromSeconds(command.StopSeconds)).ConfigureAwait(false);
        processes?.Remove(group);
        log.Dispose();
    }

    private async Task WaitUntilReadyAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        using HttpClient client = new(DirectHttp.CreateHandler()) { Timeout = AnswerLimit };
        long start = time.GetTimestamp();
        while (!await IsReadyAsync(client, cancellationToken).ConfigureAwait(false))
        {
            if (group.ExitCode is { } code)
            {
                await Task.WhenAny(group.OutputEnd, Task.Delay(LastLinesLimit, time, cancellationToken)).ConfigureAwait(false);
                throw new UnavailableException(
                    $"The server ended with exit code {code} before it was ready. Its last lines:\n{log.Tail()}");
            }

            if (time.GetElapsedTime(start).TotalSeconds > command.ReadySeconds)
            {
                throw new UnavailableException($"The server was not ready after {command.ReadySeconds} s. Its last lines:\n{log.Tail()}");
            }

            await Task.Delay(PollInterval, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<bool> IsReadyAsync(HttpClient client, CancellationToken cancellationToken)
    {
        try
        {
            // The status says it all. The body is not read, however long it is.
            using HttpResponseMessage response = await client
                .GetAsync(command.Ready, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
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
