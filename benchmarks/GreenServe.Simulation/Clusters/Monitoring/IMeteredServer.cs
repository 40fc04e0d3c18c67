using GreenServe.Simulation.Control;

namespace GreenServe.Simulation.Clusters.Monitoring;

/// <summary>A server as <see cref="ClusterMonitor"/> reads it.</summary>
internal interface IMeteredServer
{
    /// <summary>The server as a policy observes it.</summary>
    IServerView View { get; }

    /// <summary>Power of the server besides its accelerators while it is on, in watts; <c>null</c> where it is not stated.</summary>
    double? RatedHostWatts { get; }

    /// <summary>Reads the server. Readings come in the order of time, and each is taken before anything changes at its time.</summary>
    /// <param name="seconds">The time, in seconds from the start of the run.</param>
    ServerReading Read(double seconds);
}

/// <summary>What a server has used from the start of the run to a time.</summary>
/// <param name="GpuJoules">Energy of all its accelerators, whether an instance uses them or not, in joules.</param>
/// <param name="OnSeconds">Time for which it was not switched off, in seconds.</param>
/// <param name="HottestGpuWatts">Mean power since the last reading of the accelerator that drew most, in watts.</param>
internal readonly record struct ServerReading(double GpuJoules, double OnSeconds, double HottestGpuWatts);
