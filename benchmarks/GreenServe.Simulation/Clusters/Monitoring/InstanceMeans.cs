using GreenServe.Simulation.Control;

namespace GreenServe.Simulation.Clusters.Monitoring;

/// <summary>What the instances of some servers have in common.</summary>
/// <param name="Serving">Number of instances that serve, including those that finish their requests before a change.</param>
/// <param name="GpusOn">Number of accelerators that are not switched off.</param>
/// <param name="Requests">Number of requests that they have.</param>
/// <param name="ClockMegahertz">Mean set clock over the accelerators of serving instances, in megahertz; <c>null</c> without any.</param>
/// <param name="GpusPerInstance">Mean tensor parallelism of serving instances; <c>null</c> without any.</param>
internal readonly record struct InstanceMeans(int Serving, int GpusOn, int Requests, double? ClockMegahertz, double? GpusPerInstance)
{
    /// <summary>Looks at all instances of some servers.</summary>
    internal static InstanceMeans Of(IReadOnlyList<IServerView> servers)
    {
        int serving = 0;
        int requests = 0;
        int gpus = 0;
        int degrees = 0;
        double clocks = 0;
        foreach (IInstanceView instance in servers.SelectMany(server => server.Instances))
        {
            requests += instance.Requests;
            if (instance.State is InstanceState.Serving or InstanceState.Draining)
            {
                serving++;
                gpus += instance.System.Gpus;
                degrees += instance.System.TensorParallelism;
                clocks += instance.System.Gpus * instance.ClockMegahertz;
            }
        }

        return new InstanceMeans(
            serving,
            servers.Sum(server => server.IsOff ? 0 : server.GpuCount),
            requests,
            serving == 0 ? null : clocks / gpus,
            serving == 0 ? null : (double)degrees / serving);
    }
}
