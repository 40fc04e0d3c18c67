using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using GreenServe.Records;

namespace GreenServe.Cli.Commands.Run;

/// <summary>
/// A built-in server in a process of its own. It sends tokens at fixed times and logs them. It ends with this process, however that ends.
/// </summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    /// <summary>Longest wait until the server listens. A process that has just been built takes a second or two.</summary>
    internal static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    /// <summary>Longest wait until the server has ended. It writes a log of up to millions of lines before.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly TimeProvider clock;

    private ServerProcess(Process process, TimeProvider clock, Uri endpoint)
    {
        this.process = process;
        this.clock = clock;
        Endpoint = endpoint;
    }

    /// <summary>The address on which the server listens.</summary>
    internal Uri Endpoint { get; }

    /// <summary>Processor time that the server has used so far, in seconds.</summary>
    /// <exception cref="UnavailableException">The server has ended although nobody stopped it.</exception>
    internal double ProcessorSeconds
    {
        get
        {
            try
            {
                process.Refresh();
                return process.TotalProcessorTime.TotalSeconds;
            }
            catch (InvalidOperationException)
            {
                throw new UnavailableException("The built-in server ended during the check.");
            }
        }
    }

    /// <summary>Starts a server and waits until it listens.</summary>
    /// <exception cref="UnavailableException">The server could not be started, or did not come up.</exception>
    internal static async Task<ServerProcess> StartAsync(
        ServerProcessOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        Process process = Start(StartInfo(options));
        try
        {
            string? line = await process.StandardOutput
                .ReadLineAsync(cancellationToken).AsTask().WaitAsync(StartLimit, clock, cancellationToken).ConfigureAwait(false);
            return Uri.TryCreate(line?.Split(' ')[^1], UriKind.Absolute, out Uri? endpoint)
                ? new ServerProcess(process, clock, endpoint)
                : throw new UnavailableException($"The built-in server did not come up: {line ?? "it ended at once"}.");
        }
        catch (TimeoutException)
        {
            Kill(process);
            throw new UnavailableException($"The built-in server did not come up within {StartLimit.TotalSeconds} s.");
        }
        catch
        {
            Kill(process);
            throw;
        }
    }

    /// <summary>Closes the server's input, upon which it writes its log and ends.</summary>
    internal async Task StopAsync()
    {
        process.StandardInput.Close();
        using CancellationTokenSource limit = new(StopLimit, clock);
        await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync()
    {
        Kill(process);
        return ValueTask.CompletedTask;
    }

    private static ProcessStartInfo StartInfo(ServerProcessOptions options)
    {
        string program = Environment.ProcessPath!;
        string[] pinned = options.Cores is null ? [program] : ["taskset", "--cpu-list", options.Cores, program];
        ProcessStartInfo start = new(pinned[0], pinned[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
        {
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "greenserve.dll"));
        }

        string gap = options.GapSeconds.ToString("R", CultureInfo.InvariantCulture);
        string[] arguments =
            ["serve", "simulated", "--port", "0", "--fixed-gap", gap, "--send-log", options.SendLog, "--stop-with-stdin"];
        foreach (string argument in options.UsesHttp2 ? [.. arguments, "--http2"] : arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new UnavailableException("A second greenserve process could not be started.");
        }
        catch (Win32Exception exception)
        {
            throw new UnavailableException($"{start.FileName} could not be started: {exception.Message}");
        }
    }

    private static void Kill(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
    }
}

/// <summary>Options of a <see cref="ServerProcess"/>.</summary>
internal sealed record ServerProcessOptions
{
    /// <summary>Time from one token to the next in seconds, 0 to 3600.</summary>
    internal required double GapSeconds { get; init; }

    /// <summary>File for the moment of each send. The server writes it when it stops.</summary>
    internal required string SendLog { get; init; }

    /// <summary>Whether the server speaks HTTP/2, and only that.</summary>
    /// <value><c>false</c>: HTTP/1.1.</value>
    internal bool UsesHttp2 { get; init; }

    /// <summary>Cores of the server as a list for <c>taskset</c>, for example <c>2-5</c>.</summary>
    /// <value><c>null</c>: any core.</value>
    internal string? Cores { get; init; }
}
