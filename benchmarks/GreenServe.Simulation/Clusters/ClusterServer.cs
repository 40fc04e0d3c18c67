using GreenServe.Simulation.Clusters.Monitoring;
using GreenServe.Simulation.Clusters.Timing;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Physics;

namespace GreenServe.Simulation.Clusters;

/// <summary>
/// One server of a running cluster: the instances that its accelerators are divided into, and the accelerators left over.
/// </summary>
internal sealed class ClusterServer : IServerView, IMeteredServer
{
    private readonly ClusterState cluster;
    private readonly List<ClusterNode> slots = [];
    private readonly List<UnusedStretch> unused = [];
    private double unusedSince;
    private double unusedJoules;
    private double onSeconds;
    private ServerChange? change;
    private LoggedAction? starting;

    /// <summary>Makes the server as it is at the start of a run.</summary>
    /// <param name="number">Number of the server, from 0.</param>
    /// <param name="cluster">The cluster that it belongs to.</param>
    internal ClusterServer(int number, ClusterState cluster)
    {
        this.cluster = cluster;
        (Number, Definition) = (number, cluster.Definition.Replicas[number]);
    }

    /// <inheritdoc />
    public int Number { get; }

    /// <summary>The server in the cluster file.</summary>
    internal ClusterReplica Definition { get; }

    /// <inheritdoc />
    public int GpuCount => Definition.System.GpuCount;

    /// <inheritdoc />
    public SimulatedSystem System => Definition.System;

    /// <summary>The instances that exist now.</summary>
    internal IReadOnlyList<ClusterNode> Nodes { get; private set; } = [];

    /// <inheritdoc />
    public IReadOnlyList<IInstanceView> Instances => Nodes;

    /// <inheritdoc />
    public string? Row => Definition.Row;

    /// <inheritdoc />
    public string? Site => Definition.Site;

    /// <inheritdoc />
    public double? QualityRatio => Nodes.Count == 0 ? null : Nodes[0].QualityRatio;

    /// <inheritdoc />
    public bool IsChanging => change is not null
        || Nodes.Any(node => node.State is InstanceState.Starting or InstanceState.Resharding or InstanceState.Waking);

    /// <inheritdoc />
    public bool IsOff => Nodes.All(node => node.State == InstanceState.Off);

    /// <inheritdoc />
    public double HostWatts => IsOff ? 0 : RatedHostWatts ?? 0;

    /// <inheritdoc />
    public double? InletCelsius => cluster.Monitor?.InletCelsius(Number);

    /// <inheritdoc />
    public double? GpuCelsius => cluster.Monitor?.GpuCelsius(Number);

    /// <summary>Whether a start changes something: instances are off, idle or asleep, or about to be.</summary>
    internal bool CanStart => change is { IsStop: true }
        || Nodes.Any(node => node.State is InstanceState.Off or InstanceState.Idle or InstanceState.Asleep);

    /// <summary>The times in which accelerators of the server were on and no instance used them.</summary>
    internal IReadOnlyList<UnusedStretch> Unused => unused;

    private double UnusedWatts => IsOff ? 0 : (GpuCount - Nodes.Sum(node => node.System.Gpus)) * System.Gpu.Power.IdleWatts;

    /// <inheritdoc />
    public double GpuWatts(int overSeconds) => cluster.Monitor?.GpuWatts(Number, overSeconds) ?? 0;

    /// <inheritdoc />
    IServerView IMeteredServer.View => this;

    /// <inheritdoc />
    public double? RatedHostWatts => Definition.HostWatts;

    /// <inheritdoc />
    public ServerReading Read(double seconds)
    {
        (double joules, double hottestWatts, int unusedGpus, bool isOff) = (unusedJoules, 0, GpuCount, true);
        foreach (ClusterNode slot in slots)
        {
            double slotJoules = slot.Replica.JoulesBy(seconds);
            slot.Power.Add(seconds, slotJoules);
            joules += slotJoules;
            hottestWatts = Math.Max(hottestWatts, slot.Watts(1) / slot.System.Gpus);
            unusedGpus -= slot.IsPresent ? slot.System.Gpus : 0;
            isOff &= !slot.IsPresent || slot.State == InstanceState.Off;
        }

        double idleWatts = isOff ? 0 : System.Gpu.Power.IdleWatts;
        double since = isOff ? 0 : Math.Max(0, seconds - unusedSince);
        return new ServerReading(joules + (unusedGpus * idleWatts * since), onSeconds + since, Math.Max(hottestWatts, idleWatts));
    }

    /// <summary>Makes the first instances, at the start of a run.</summary>
    internal void Open()
    {
        foreach (SimulatedSystem system in Definition.Instances)
        {
            ClusterNode node = AddSlot(system);
            if (Definition.StartsOff)
            {
                node.Enter(InstanceState.Off, seconds: 0);
            }
        }

        Nodes = [.. slots];
    }

    /// <summary>Begins a change. Instances that it concerns finish their requests first.</summary>
    internal void Begin(ServerChange next, double seconds)
    {
        change = next;
        foreach (ClusterNode node in Leaving(next).Where(node => node.State == InstanceState.Serving))
        {
            node.Drain();
        }

        Settle(seconds);
    }

    /// <summary>Carries out a change that has waited for instances to finish their requests, if they have.</summary>
    internal void Settle(double seconds)
    {
        if (change is not { } due || Leaving(due).Any(node => !node.IsEmpty))
        {
            return;
        }

        CountUnused(seconds);
        change = null;
        if (!due.IsStop)
        {
            Replace(due, seconds);
            return;
        }

        foreach (ClusterNode node in Nodes)
        {
            node.Enter(ServerChange.StateAfter(due.Kind), seconds);
        }

        NoteEffect(due.Log, seconds);
    }

    /// <summary>Starts or wakes the instances that do not serve, or lets them go on if they were about to stop.</summary>
    internal void Start(double seconds, LoggedAction? log)
    {
        CountUnused(seconds);
        if (change is { IsStop: true })
        {
            change = null;
            foreach (ClusterNode node in Nodes.Where(node => node.State == InstanceState.Draining))
            {
                node.Resume();
            }

            NoteEffect(log, seconds);
        }

        starting = log;
        foreach (ClusterNode node in Nodes)
        {
            bool wakes = node.State == InstanceState.Asleep;
            if (wakes || node.State is InstanceState.Off or InstanceState.Idle)
            {
                node.Enter(wakes ? InstanceState.Waking : InstanceState.Starting, seconds);
                BeReadyAt(node, seconds, wakes ? cluster.Definition.WakeSeconds : cluster.Definition.StartSeconds);
            }
        }
    }

    /// <summary>Ends the start-up, the wake-up or the re-sharding of an instance.</summary>
    internal void BecomeReady(ClusterNode node, double seconds)
    {
        node.Enter(InstanceState.Serving, seconds);
        if (!IsChanging)
        {
            NoteEffect(starting, seconds);
            starting = null;
        }
    }

    /// <summary>Counts the energy of accelerators that no instance uses up to a time, in seconds from the start of the run.</summary>
    internal void CountUnused(double seconds)
    {
        double watts = UnusedWatts;
        if (watts > 0 && seconds > unusedSince)
        {
            UnusedStretch stretch = new(unusedSince, seconds, watts);
            unused.Add(stretch);
            unusedJoules += stretch.Joules;
        }

        onSeconds += IsOff ? 0 : Math.Max(0, seconds - unusedSince);
        unusedSince = seconds;
    }

    /// <summary>Settings whose instances keep serving through a re-partition, and those that begin.</summary>
    /// <param name="tensorParallelism">Tensor parallelism of each instance afterwards.</param>
    /// <returns>Tensor parallelism of the instances that begin, and the instances that end.</returns>
    internal (List<int> Begin, List<ClusterNode> End) Difference(IReadOnlyList<int> tensorParallelism)
    {
        List<int> begin = [.. tensorParallelism];
        List<ClusterNode> end = [.. Nodes.Where(node => !begin.Remove(node.System.TensorParallelism))];
        return (begin, end);
    }

    private static void NoteEffect(LoggedAction? log, double seconds)
    {
        if (log is not null)
        {
            log.EffectiveSeconds ??= seconds;
        }
    }

    private IReadOnlyList<ClusterNode> Leaving(ServerChange of) => of.IsStop ? Nodes : of.Ending;

    private void Replace(ServerChange due, double seconds)
    {
        List<ClusterNode> present = [.. Nodes.Except(due.Ending)];
        Queue<ClusterNode> free = new(due.Ending.Concat(slots.Where(slot => !slot.IsPresent)));
        starting = due.Log;
        InstanceState meanwhile = due.Kind == ActionKind.Partition ? InstanceState.Resharding : InstanceState.Starting;
        foreach (SimulatedSystem system in due.Systems)
        {
            ClusterNode node = free.TryDequeue(out ClusterNode? slot) ? slot : AddAbsentSlot(system);
            node.Become(system, meanwhile, seconds);
            present.Add(node);
            BeReadyAt(node, seconds, due.Seconds);
        }

        foreach (ClusterNode node in free.Where(node => node.IsPresent))
        {
            node.Vanish(seconds);
        }

        Nodes = [.. present.OrderBy(node => node.Number)];
        cluster.NoteInstances();
    }

    private void BeReadyAt(ClusterNode node, double seconds, double afterSeconds)
    {
        if (cluster.IsFree)
        {
            BecomeReady(node, seconds);
        }
        else
        {
            cluster.Events.Add(seconds + afterSeconds, new ClusterEvent(ClusterEventKind.Ready, node.Number));
        }
    }

    /// <summary>Makes an instance that did not exist from the start of the run until now, so that it has drawn nothing.</summary>
    private ClusterNode AddAbsentSlot(SimulatedSystem system)
    {
        ClusterNode node = AddSlot(system);
        node.Vanish(seconds: 0);
        return node;
    }

    private ClusterNode AddSlot(SimulatedSystem system)
    {
        ClusterNode node = cluster.AddNode(this, system);
        slots.Add(node);
        return node;
    }
}
