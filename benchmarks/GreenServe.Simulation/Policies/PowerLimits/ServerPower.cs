using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Clusters.Monitoring;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Physics;

namespace GreenServe.Simulation.Policies.PowerLimits;

/// <summary>Power of the servers of a cluster, as their data sheets and profiles state it beforehand.</summary>
internal sealed class ServerPower
{
    private readonly double[] peaks;
    private readonly IReadOnlyDictionary<string, RowEntry> rows;

    /// <summary>Works out the power of every server of a cluster.</summary>
    internal ServerPower(ClusterDefinition cluster)
    {
        rows = cluster.Facility.Rows;
        Dictionary<ClusterReplica, double> known = new(ReferenceEqualityComparer.Instance);
        peaks = [.. cluster.Replicas.Select(server =>
        {
            if (!known.TryGetValue(server, out double watts))
            {
                known[server] = watts = PeakWattsOf(server);
            }

            return watts + (server.HostWatts ?? 0);
        })];
    }

    /// <summary>Power of a server, accelerators and host, at its highest clock in a step with as much work as fits, in watts.</summary>
    internal double PeakWatts(IServerView server) => peaks[server.Number];

    /// <summary>Largest power of servers of others in a row, in watts.</summary>
    internal double MaxOpaqueWatts(string row) => rows[row].MaxOpaqueWatts;

    /// <summary>
    /// Power that a row draws now besides its serving instances, in watts: hosts, servers of others, instances that start, and accelerators
    /// without an instance.
    /// </summary>
    internal static double RestWatts(IRowView row)
    {
        double instances = 0;
        double hosts = 0;
        for (int index = 0; index < row.Servers.Count; index++)
        {
            hosts += row.Servers[index].HostWatts;
            foreach (IInstanceView instance in row.Servers[index].Instances)
            {
                instances += instance.State is InstanceState.Serving or InstanceState.Draining ? instance.Watts(1) : 0;
            }
        }

        // Before the first reading, what is stated counts.
        return Math.Max(hosts, row.Watts(1) - instances);
    }

    private static double PeakWattsOf(ClusterReplica server)
    {
        SimulatedSystem[] instances = [.. server.Instances];
        int unused = server.System.GpuCount - instances.Sum(instance => instance.Gpus);
        return instances.Sum(instance =>
            instance.StepModel().Cost(StepShape.Prefill(Math.Min(instance.StepTokens, 8192), 0, completesPrompt: true)).Watts)
            + (unused * server.System.Gpu.Power.IdleWatts);
    }
}
