using GreenServe.Serving.Servers;

namespace GreenServe.Running.Processes;

/// <summary>
/// What must end in order before this process does: records being written, GPUs with changed settings, servers that were started.
/// </summary>
/// <remarks>One object a command. <see cref="StopSignals"/> asks it whether a command that was told to stop is worth waiting for.</remarks>
public sealed class ProcessLifetime
{
    private int holds;

    /// <summary>The servers that this process has started.</summary>
    public ServerProcesses Servers { get; } = new();

    /// <summary>Whether something is under way that must end in order.</summary>
    public bool IsHeld => Volatile.Read(ref holds) > 0;

    /// <summary>Begins work that must end in order; the work ends when the result is disposed. Thread-safe.</summary>
    public IDisposable Hold() => new Holding(this);

    private sealed class Holding : IDisposable
    {
        private readonly ProcessLifetime lifetime;
        private int isDisposed;

        internal Holding(ProcessLifetime lifetime)
        {
            this.lifetime = lifetime;
            Interlocked.Increment(ref lifetime.holds);
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref isDisposed, 1) == 0)
            {
                Interlocked.Decrement(ref lifetime.holds);
            }
        }
    }
}
