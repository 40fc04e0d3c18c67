using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using GreenServe.Records;

namespace GreenServe.Metering.Characterization;

/// <summary>A program that puts a steady load on a device when told to, so that meters can be looked at with a known load.</summary>
/// <remarks>
/// The load program reads <c>run SECONDS KIND</c> and <c>exit</c> on its standard input and answers with one JSON object a line:
/// <c>{"event":"ready"}</c> once its weights are loaded, <c>{"event":"started"}</c> when the load begins, and
/// <c>{"event":"done","steps":n,"median_step_seconds":x}</c> when it has ended. Other lines go to its log.
/// </remarks>
internal sealed class LoadProcess : IDisposable
{
    private readonly Process process;
    private readonly TimeProvider clock;
    private readonly Channel<JsonNode> events = Channel.CreateUnbounded<JsonNode>();
    private readonly List<string> log = [];
    private int openStreams = 2;

    private LoadProcess(Process process, TimeProvider clock)
    {
        this.process = process;
        this.clock = clock;
    }

    /// <summary>The output of the program except events, standard error included.</summary>
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
    /// <param name="command">The command.</param>
    /// <param name="clock">The clock of the waits for its events.</param>
    internal static LoadProcess Start(string command, TimeProvider clock)
    {
        ProcessStartInfo start = OperatingSystem.IsWindows() ? new("cmd", ["/c", command]) : new("/bin/sh", ["-c", command]);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        Process process = new() { StartInfo = start };
        LoadProcess load = new(process, clock);
        process.OutputDataReceived += (_, line) => load.Receive(line.Data, load.Take);
        process.ErrorDataReceived += (_, line) => load.Receive(line.Data, load.Keep);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return load;
    }

    /// <summary>Sends a command. If the program no longer listens, the next wait says so.</summary>
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

    /// <summary>Waits for an event. Other events before it are passed over.</summary>
    /// <param name="name">The name of the event.</param>
    /// <param name="longest">The longest wait.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    /// <exception cref="UnavailableException">The program ended, or the event did not come in time.</exception>
    internal async Task<JsonNode> WaitAsync(string name, TimeSpan longest, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = new(longest, clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            while (await events.Reader.WaitToReadAsync(either.Token).ConfigureAwait(false))
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

    /// <summary>Waits until the load of the last command has ended.</summary>
    /// <param name="longest">The longest wait.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    /// <exception cref="UnavailableException">
    /// The program ended, the load did not end in time, or the program does not say how many steps it made and how long they took.
    /// </exception>
    internal async Task<LoadSteps> WaitUntilDoneAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        JsonNode done = await WaitAsync("done", longest, cancellationToken).ConfigureAwait(false);
        return done["steps"] is JsonValue steps && steps.TryGetValue(out long count)
            && done["median_step_seconds"] is JsonValue median && median.TryGetValue(out double seconds)
            ? new LoadSteps(count, seconds)
            : throw new UnavailableException(
                $"The load said \"done\" without \"steps\" and \"median_step_seconds\": {done.ToJsonString()}");
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
            // The line begins with a brace and is no event: it goes to the log.
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

/// <summary>The steps that a load made.</summary>
/// <param name="Count">The number of steps.</param>
/// <param name="MedianSeconds">The median time of a step (s).</param>
internal readonly record struct LoadSteps(long Count, double MedianSeconds);
