using System.Runtime.InteropServices;
using GreenServe.Cli.Terminal;
using GreenServe.Serving.Servers;

namespace GreenServe.Cli.Running;

/// <summary>
/// Ctrl-C and the like. The first asks the command to stop, and waits for it as long as it stops something in order: a server it
/// started, a record it writes. The second ends everything at once, servers included.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);
    private static int holds;
    private readonly CancellationTokenSource stop = new();
    private readonly List<PosixSignalRegistration> registrations = [];
    private readonly TextWriter error;
    private int signals;

    private StopSignals(TextWriter error) => this.error = error;

    /// <summary>The servers that this program has started.</summary>
    internal static ServerProcesses Servers { get; } = new();

    /// <summary>Begins to listen.</summary>
    internal static StopSignals Watch(TextWriter error)
    {
        StopSignals watched = new(error);
        foreach (PosixSignal signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
        {
            watched.registrations.Add(PosixSignalRegistration.Create(signal, watched.Take));
        }

        return watched;
    }

    /// <summary>Until this is disposed, a command that was asked to stop is waited for.</summary>
    internal static IDisposable Hold() => new Holding();

    /// <summary>Runs a command; a computation that does not heed the request to stop is left behind.</summary>
    internal async Task<int> RunAsync(Func<CancellationToken, Task<int>> command)
    {
        Task<int> work = Task.Run(() => command(stop.Token));
        await Task.WhenAny(work, AbandonAsync()).ConfigureAwait(false);
        return work.IsCompleted ? await work.ConfigureAwait(false) : ExitCode.Cancelled;
    }

    public void Dispose()
    {
        registrations.ForEach(registration => registration.Dispose());
        stop.Dispose();
    }

    private async Task AbandonAsync()
    {
        await Task.Delay(Timeout.Infinite, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.Delay(Patience).ConfigureAwait(false);
        while (Volatile.Read(ref holds) > 0)
        {
            await Task.Delay(Glance).ConfigureAwait(false);
        }
    }

    private void Take(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref signals) > 1)
        {
            Servers.KillAll();
            Environment.Exit(ExitCode.Cancelled);
        }

        if (Volatile.Read(ref holds) > 0)
        {
            error.WriteLine("Stopping. Once more stops at once.");
        }

        stop.Cancel();
    }

    private sealed class Holding : IDisposable
    {
        private int isDisposed;

        internal Holding() => Interlocked.Increment(ref holds);

        public void Dispose()
        {
            if (Interlocked.Exchange(ref isDisposed, 1) == 0)
            {
                Interlocked.Decrement(ref holds);
            }
        }
    }
}
