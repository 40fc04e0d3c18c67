using GreenServe.Simulation.Control;

namespace GreenServe.Simulation.Clusters.Monitoring;

/// <summary>What the instances of some servers have in common.</summary>
/// <param name="Serving">Number of instances that serve, including those that finish their requests before a change.</param>
/// <param name="GpusOn">Number of accelerators whose instance has its weights or loads them.</param>
/// <param name="ClockMegahertz">Mean set clock over the accelerators of serving instances, in megahertz; <c>null</c> without any.</param>
/// <param name="GpusPerInstance">Mean number of accelerators of serving instances; <c>null</c> without any.</param>
internal readonly record struct InstanceMeans(int Serving, int GpusOn, double? ClockMegahertz, double? GpusPerInstance)
{
    /// <summary>Looks at all instances of some servers.</summary>
    internal static InstanceMeans Of(IReadOnlyList<IServerView> servers)
    {
        int serving = 0;
        int gpusOn = 0;
        int servingGpus = 0;
        double clocks = 0;
        foreach (IInstanceView instance in servers.SelectMany(server => server.Instances))
        {
            int gpus = instance.System.Gpus;
            gpusOn += instance.State is InstanceState.Asleep or InstanceState.Idle or InstanceState.Off ? 0 : gpus;
            if (instance.State is InstanceState.Serving or InstanceState.Draining)
            {
                serving++;
                servingGpus += gpus;
                clocks += gpus * instance.ClockMegahertz;
            }
        }

        return new InstanceMeans(
            serving, gpusOn, serving == 0 ? null : clocks / servingGpus, serving == 0 ? null : (double)servingGpus / serving);
    }
}
