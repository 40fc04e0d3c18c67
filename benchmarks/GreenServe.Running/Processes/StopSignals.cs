using System.Runtime.InteropServices;
using GreenServe.Records;

namespace GreenServe.Running.Processes;

/// <summary>
/// Handles Ctrl-C and the signals that end a process. The first signal asks the command to stop, and waits as long as registered
/// work is under way. The second signal ends everything at once, servers included.
/// </summary>
public sealed class StopSignals : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);
    private readonly CancellationTokenSource stop = new();
    private readonly List<PosixSignalRegistration> registrations = [];
    private readonly ProcessLifetime lifetime;
    private readonly TextWriter error;
    private readonly TimeProvider time;
    private int signals;

    private StopSignals(ProcessLifetime lifetime, TextWriter error, TimeProvider time)
    {
        this.lifetime = lifetime;
        this.error = error;
        this.time = time;
    }

    /// <summary>Starts listening to SIGINT, SIGTERM and SIGHUP.</summary>
    /// <param name="lifetime">Registers the work that must end in order.</param>
    /// <param name="error">Receives the hint how to stop at once.</param>
    /// <param name="time">Source of time; <c>null</c> for the clock of this host.</param>
    public static StopSignals Watch(ProcessLifetime lifetime, TextWriter error, TimeProvider? time = null)
    {
        StopSignals watched = new(lifetime, error, time ?? TimeProvider.System);
        foreach (PosixSignal signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
        {
            watched.registrations.Add(PosixSignalRegistration.Create(signal, watched.Take));
        }

        return watched;
    }

    /// <summary>Runs a command. A computation that does not react to the request to stop is abandoned after 2 s.</summary>
    /// <returns>The command's exit code, or <see cref="ExitCode.Cancelled"/> if it was abandoned.</returns>
    public async Task<int> RunAsync(Func<CancellationToken, Task<int>> command)
    {
        Task<int> work = Task.Run(() => command(stop.Token));
        await Task.WhenAny(work, AbandonAsync()).ConfigureAwait(false);
        return work.IsCompleted ? await work.ConfigureAwait(false) : ExitCode.Cancelled;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        registrations.ForEach(registration => registration.Dispose());
        stop.Dispose();
    }

    private async Task AbandonAsync()
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, time, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.Delay(Patience, time).ConfigureAwait(false);
        while (lifetime.IsHeld)
        {
            await Task.Delay(PollInterval, time).ConfigureAwait(false);
        }
    }

    private void Take(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref signals) > 1)
        {
            lifetime.Servers.KillAll();
            Environment.Exit(ExitCode.Cancelled);
        }

        if (lifetime.IsHeld)
        {
            error.WriteLine("Stopping. Once more stops at once.");
        }

        stop.Cancel();
    }
}
