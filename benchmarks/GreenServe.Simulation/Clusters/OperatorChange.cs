using GreenServe.Simulation.Control;

namespace GreenServe.Simulation.Clusters;

/// <summary>Carries out the actions of an operator that a cluster file states.</summary>
internal static class OperatorChange
{
    /// <summary>Carries out an action, now or once the instances have no requests.</summary>
    /// <param name="change">The action.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="seconds">The time, in seconds from the start of the run.</param>
    internal static void Apply(ReplicaChange change, ClusterState cluster, double seconds)
    {
        ClusterServer server = cluster.Servers[change.Replica];
        switch (change.Action)
        {
            case ReplicaAction.SetClock:
                foreach (ClusterNode node in server.Nodes)
                {
                    node.SetAtSeconds(ClusterDefinition.After(node.System, change)!, seconds, cluster.Costs.ClockChangeSeconds);
                }

                break;
            case ReplicaAction.Start:
                server.Start(seconds, log: null);
                break;
            default:
                if (server.Nodes.All(node => node.State == InstanceState.Serving))
                {
                    server.Begin(ChangeOf(change, server, cluster), seconds);
                }

                break;
        }
    }

    private static ServerChange ChangeOf(ReplicaChange change, ClusterServer server, ClusterState cluster) => change.Action switch
    {
        ReplicaAction.Reshard => new ServerChange(ActionKind.Partition)
        {
            Systems = [ClusterDefinition.After(server.Nodes[0].System, change)!],
            Ending = server.Nodes,
            Seconds = cluster.Costs.ReshardSeconds,
        },
        ReplicaAction.Idle => new ServerChange(ActionKind.Idle),
        _ => new ServerChange(ActionKind.PowerOff),
    };
}
