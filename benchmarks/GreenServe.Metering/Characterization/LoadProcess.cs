using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using GreenServe.Records;

namespace GreenServe.Metering.Characterization;

/// <summary>A program that puts a steady load on a device when told to, so that meters can be looked at with a known load.</summary>
/// <remarks>
/// It reads <c>run SECONDS KIND</c> and <c>exit</c> on its standard input and answers with one JSON object a line:
/// <c>{"event":"ready"}</c> once its weights are loaded, <c>{"event":"started"}</c> when the load begins, and
/// <c>{"event":"done","steps":n,"median_step_seconds":x}</c> when it has ended. Other lines are kept for its log.
/// </remarks>
internal sealed class LoadProcess : IDisposable
{
    private readonly Process process;
    private readonly Channel<JsonNode> events = Channel.CreateUnbounded<JsonNode>();
    private readonly List<string> log = [];
    private int openStreams = 2;

    private LoadProcess(Process process) => this.process = process;

    /// <summary>What it wrote besides events, standard error included.</summary>
    internal string Log
    {
        get
        {
            lock (log)
            {
                return string.Join('\n', log);
            }
        }
    }

    /// <summary>Starts a command of the system's shell.</summary>
    internal static LoadProcess Start(string command)
    {
        ProcessStartInfo start = OperatingSystem.IsWindows() ? new("cmd", ["/c", command]) : new("/bin/sh", ["-c", command]);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        Process process = new() { StartInfo = start };
        LoadProcess load = new(process);
        process.OutputDataReceived += (_, line) => load.Receive(line.Data, load.Take);
        process.ErrorDataReceived += (_, line) => load.Receive(line.Data, load.Keep);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return load;
    }

    /// <summary>Sends a command. One that no longer listens is found out by the next wait.</summary>
    internal async Task SendAsync(string command)
    {
        try
        {
            await process.StandardInput.WriteLineAsync(command).ConfigureAwait(false);
            await process.StandardInput.FlushAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The program has ended; its log, which the wait shows, says more than the broken pipe.
        }
    }

    /// <summary>Waits for an event; others before it are passed over.</summary>
    /// <exception cref="UnavailableException">The program ended, or the event did not come in time.</exception>
    internal async Task<JsonNode> WaitAsync(string name, TimeSpan longest, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(longest);
        try
        {
            while (await events.Reader.WaitToReadAsync(timeout.Token).ConfigureAwait(false))
            {
                while (events.Reader.TryRead(out JsonNode? found))
                {
                    if (found["event"]?.ToString() == name)
                    {
                        return found;
                    }
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new UnavailableException($"The load did not say \"{name}\" within {longest.TotalSeconds:0} s. It wrote:\n{Log}");
        }

        throw new UnavailableException($"The load ended before it said \"{name}\". It wrote:\n{Log}");
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        process.Dispose();
    }

    // A program is done when both its streams are: what it wrote last may arrive after its exit.
    private void Receive(string? line, Action<string> take)
    {
        if (line is not null)
        {
            take(line);
        }
        else if (Interlocked.Decrement(ref openStreams) == 0)
        {
            events.Writer.TryComplete();
        }
    }

    private void Take(string line)
    {
        try
        {
            if (line.StartsWith('{') && JsonNode.Parse(line) is { } node)
            {
                events.Writer.TryWrite(node);
                return;
            }
        }
        catch (JsonException)
        {
            // Something else that begins with a brace: it goes to the log.
        }

        Keep(line);
    }

    private void Keep(string line)
    {
        lock (log)
        {
            log.Add(line);
        }
    }
}
