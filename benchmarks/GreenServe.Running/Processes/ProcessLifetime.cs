using GreenServe.Serving.Servers;

namespace GreenServe.Running.Processes;

/// <summary>
/// Registers what must end in order before this process ends: records being written, GPUs with changed settings, and servers that
/// were started.
/// </summary>
/// <remarks>
/// Each command has one object. <see cref="StopSignals"/> uses it to decide how long a command that was told to stop gets.
/// </remarks>
public sealed class ProcessLifetime
{
    private int holds;

    /// <summary>The servers that this process has started.</summary>
    public ServerProcesses Servers { get; } = new();

    /// <summary>Whether any registered work is still under way.</summary>
    public bool IsHeld => Volatile.Read(ref holds) > 0;

    /// <summary>Registers work that must end in order. Disposing the result ends the work. Thread-safe.</summary>
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
