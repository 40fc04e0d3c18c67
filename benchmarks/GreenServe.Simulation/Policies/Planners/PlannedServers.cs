using GreenServe.Simulation.Control;

namespace GreenServe.Simulation.Policies.Planners;

/// <summary>The servers of a cluster as a planner that starts and stops them sees them at one moment.</summary>
internal sealed class PlannedServers
{
    private readonly PowerBudget budget;
    private readonly Func<ReplicaRole, double> capWatts;
    private readonly List<IInstanceView> prefill = [];
    private readonly List<IInstanceView> decode = [];
    private readonly List<IServerView> off = [];
    private double onWatts;

    /// <summary>Looks at the cluster.</summary>
    /// <param name="cluster">The cluster, whose servers have one instance each.</param>
    /// <param name="budget">The power that may be given out.</param>
    /// <param name="capWatts">Power cap of each accelerator of a server by its role, in watts.</param>
    internal PlannedServers(IClusterView cluster, PowerBudget budget, Func<ReplicaRole, double> capWatts)
    {
        (this.budget, this.capWatts) = (budget, capWatts);
        foreach (IServerView server in cluster.Servers)
        {
            IInstanceView instance = server.Instances[0];
            bool processesPrompts = instance.Role == ReplicaRole.Prefill;
            if (server.IsOff)
            {
                off.Add(server);
                continue;
            }

            onWatts += processesPrompts ? budget.PrefillWatts : budget.DecodeWatts;
            bool serves = instance.State == InstanceState.Serving;
            bool comes = instance.State is InstanceState.Starting or InstanceState.Waking;
            PrefillChanges |= processesPrompts && !serves;
            DecodeChanges |= !processesPrompts && !serves;
            Present = processesPrompts
                ? Present with { Prefill = Present.Prefill + (serves || comes ? 1 : 0) }
                : Present with { Decode = Present.Decode + (serves || comes ? 1 : 0) };
            if (serves)
            {
                (processesPrompts ? prefill : decode).Add(instance);
            }
        }
    }

    /// <summary>The instances that process prompts now.</summary>
    internal IReadOnlyList<IInstanceView> Prefill => prefill;

    /// <summary>The instances that decode now.</summary>
    internal IReadOnlyList<IInstanceView> Decode => decode;

    /// <summary>Numbers of servers that serve or are about to.</summary>
    internal ReplicaCounts Present { get; }

    /// <summary>Whether a server that processes prompts starts or stops.</summary>
    internal bool PrefillChanges { get; }

    /// <summary>Whether a server that decodes starts or stops.</summary>
    internal bool DecodeChanges { get; }

    /// <summary>
    /// Starts and stops servers until there are as many as wanted. A server is only started while its cap and those of all servers that are
    /// on, the stopping ones included, stay within the budget.
    /// </summary>
    /// <param name="wanted">The wanted numbers.</param>
    /// <param name="actions">Receives the decisions.</param>
    /// <param name="reason">Why, in a few words.</param>
    internal void Scale(ReplicaCounts wanted, IClusterActions actions, string reason)
    {
        Stop(prefill, Present.Prefill - wanted.Prefill, actions, reason);
        Stop(decode, Present.Decode - wanted.Decode, actions, reason);
        Start(ReplicaRole.Prefill, wanted.Prefill - Present.Prefill, actions, reason);
        Start(ReplicaRole.Decode, wanted.Decode - Present.Decode, actions, reason);
    }

    /// <summary>Stops the servers with the fewest requests.</summary>
    private static void Stop(List<IInstanceView> instances, int count, IClusterActions actions, string reason)
    {
        foreach (IInstanceView instance in instances.OrderBy(instance => instance.Requests).ThenByDescending(instance => instance.Number)
            .Take(Math.Max(0, count)))
        {
            actions.PowerOff(instance.Server.Number, reason);
        }
    }

    /// <summary>Starts servers of a role, and after those servers of the other role, which change theirs.</summary>
    private void Start(ReplicaRole role, int count, IClusterActions actions, string reason)
    {
        double watts = role == ReplicaRole.Prefill ? budget.PrefillWatts : budget.DecodeWatts;
        for (int started = 0; started < count && onWatts + watts <= budget.LimitWatts; started++)
        {
            IServerView? server = off.Find(server => server.Instances[0].Role == role) ?? off.FirstOrDefault();
            if (server is null)
            {
                return;
            }

            off.Remove(server);
            onWatts += watts;
            actions.SetRole(server.Instances[0].Number, role, reason);
            actions.SetPowerCap(server.Instances[0].Number, capWatts(role), "cap of its role");
            actions.Start(server.Number, reason);
        }
    }
}
