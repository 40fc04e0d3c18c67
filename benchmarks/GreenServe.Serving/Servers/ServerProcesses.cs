using System.Collections.Concurrent;

namespace GreenServe.Serving.Servers;

/// <summary>The servers that a program has started and that still run. Thread-safe.</summary>
/// <remarks>
/// A program gives one instance to every <see cref="LaunchedServer.StartAsync"/>. When it has to end at once, for example on a second
/// Ctrl-C, <see cref="KillAll"/> makes sure that no server outlives it. A server takes itself out when it has stopped.
/// </remarks>
public sealed class ServerProcesses
{
    private readonly ConcurrentDictionary<ProcessGroup, byte> running = new();

    /// <summary>Number of servers that have been started and have not been stopped.</summary>
    public int Count => running.Count;

    /// <summary>
    /// Kills every server and all processes that it started, and returns without waiting for their end. Only for a program that ends
    /// right afterwards: an orderly stop is <see cref="LaunchedServer.DisposeAsync"/>.
    /// </summary>
    public void KillAll()
    {
        foreach (ProcessGroup group in running.Keys)
        {
            group.Kill();
        }
    }

    internal void Add(ProcessGroup group) => running[group] = 0;

    internal void Remove(ProcessGroup group) => running.TryRemove(group, out _);
}
