using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using GreenServe.Records;

namespace GreenServe.Cli.Commands.Run;

/// <summary>A built-in server in a process of its own. It ends with this process, however that ends.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);
    private readonly Process process;

    private ServerProcess(Process process, Uri endpoint)
    {
        this.process = process;
        Endpoint = endpoint;
    }

    /// <summary>Where it listens.</summary>
    internal Uri Endpoint { get; }

    /// <summary>Processor time it has used (s).</summary>
    internal double ProcessorSeconds
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime.TotalSeconds;
        }
    }

    /// <summary>Starts one and waits until it listens.</summary>
    /// <exception cref="UnavailableException">It did not come up.</exception>
    internal static async Task<ServerProcess> StartAsync(
        double gapSeconds, string sendLog, bool usesHttp2, string? cores, CancellationToken cancellationToken)
    {
        string program = Environment.ProcessPath!;
        string[] pinned = cores is null ? [program] : ["taskset", "--cpu-list", cores, program];
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

        string gap = gapSeconds.ToString("R", CultureInfo.InvariantCulture);
        string[] arguments = ["serve", "simulated", "--port", "0", "--fixed-gap", gap, "--send-log", sendLog, "--stop-with-stdin"];
        foreach (string argument in usesHttp2 ? [.. arguments, "--http2"] : arguments)
        {
            start.ArgumentList.Add(argument);
        }

        Process process = Start(start);
        try
        {
            string? line = await process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(StartLimit, cancellationToken).ConfigureAwait(false);
            string address = line?.Split(' ')[^1] ?? "";
            return Uri.TryCreate(address, UriKind.Absolute, out Uri? endpoint)
                ? new ServerProcess(process, endpoint)
                : throw new UnavailableException($"The built-in server did not come up: {line ?? "it ended at once"}.");
        }
        catch
        {
            Kill(process);
            throw;
        }
    }

    /// <summary>Closes its input, upon which it writes its log and ends.</summary>
    internal async Task StopAsync()
    {
        process.StandardInput.Close();
        using CancellationTokenSource limit = new(StopLimit);
        await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync()
    {
        Kill(process);
        return ValueTask.CompletedTask;
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
