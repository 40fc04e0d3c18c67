using GreenServe.Records.Requests;
using GreenServe.Simulation.Clusters.Monitoring;
using GreenServe.Simulation.Clusters.Timing;
using GreenServe.Simulation.Clusters.Variants;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Runs;

namespace GreenServe.Simulation.Clusters;

/// <summary>A running cluster: its servers and instances, the events to come, and what a policy observes of them.</summary>
internal sealed class ClusterState : IClusterView
{
    private readonly StepModelCache models = new();
    private readonly List<ClusterNode> nodes = [];
    private readonly long[] arrived = new long[RequestClass.All.Count];
    private IReadOnlyList<IInstanceView>? instances;

    /// <summary>Makes the cluster as it is at the start of a run.</summary>
    /// <param name="definition">The cluster.</param>
    /// <param name="gapCounts">Receives the token gaps of completed requests.</param>
    /// <param name="sink">Receives steps and outcomes.</param>
    internal ClusterState(ClusterDefinition definition, GapCounts gapCounts, ISimulationSink sink)
    {
        (Definition, GapCounts, Sink) = (definition, gapCounts, sink);
        Servers = [.. Enumerable.Range(0, definition.Replicas.Count).Select(number => new ClusterServer(number, this))];
        foreach (ClusterServer server in Servers)
        {
            server.Open();
        }
    }

    /// <summary>The cluster file.</summary>
    internal ClusterDefinition Definition { get; }

    /// <summary>Receives the token gaps of completed requests.</summary>
    internal GapCounts GapCounts { get; }

    /// <summary>Receives steps and outcomes.</summary>
    internal ISimulationSink Sink { get; }

    /// <summary>What is to happen at known times.</summary>
    internal ClusterEvents Events { get; } = new();

    /// <summary>The ends of the stretches of the instances.</summary>
    internal IndexedHeap Ends { get; } = new();

    /// <summary>
    /// Reads the servers every second; <c>null</c> for a cluster without a policy, host watts, rows, sites and thermal model, of which
    /// nobody wants to know that.
    /// </summary>
    internal ClusterMonitor? Monitor { get; private set; }

    /// <summary>Every instance that there has been, by number.</summary>
    internal IReadOnlyList<ClusterNode> Nodes => nodes;

    /// <summary>The servers, by number.</summary>
    internal IReadOnlyList<ClusterServer> Servers { get; }

    /// <summary>Length of the longest request of the run, input and output together, in tokens.</summary>
    internal long LongestTokens { get; init; }

    /// <summary>The quality of what completed requests got.</summary>
    internal QualityTally Quality { get; } = new();

    /// <summary>Whether actions take effect at once and cost nothing, as they do before a run begins.</summary>
    internal bool IsFree { get; set; }

    /// <inheritdoc />
    public double NowSeconds { get; internal set; }

    /// <inheritdoc />
    IReadOnlyList<IServerView> IClusterView.Servers => Servers;

    /// <inheritdoc />
    public IReadOnlyList<IInstanceView> Instances => instances ??= [.. Servers.SelectMany(server => server.Nodes)];

    /// <inheritdoc />
    public IReadOnlyList<IRowView> Rows => Monitor?.Rows ?? [];

    /// <inheritdoc />
    public IReadOnlyList<ISiteView> Sites => Monitor?.Sites ?? [];

    /// <inheritdoc />
    public int HeldRequests { get; internal set; }

    /// <inheritdoc />
    public ActionCosts Costs => Definition.Costs;

    /// <inheritdoc />
    public long ArrivedRequests(RequestClass requestClass) => arrived[GapCounts.IndexOf(requestClass)];

    /// <inheritdoc />
    public IInstanceView Instance(int number) => nodes[number];

    /// <inheritdoc />
    public StepModel Model(SimulatedSystem system) => models.Of(system);

    /// <summary>The instance with a number, which may be any; <c>null</c> if there is no such instance now.</summary>
    internal ClusterNode? Present(int number) =>
        number >= 0 && number < nodes.Count && nodes[number].IsPresent ? nodes[number] : null;

    /// <summary>Begins to read the servers every second.</summary>
    internal void Watch() => Monitor = new ClusterMonitor(Definition.Facility, Servers, Sink.Add);

    /// <summary>Counts a request that arrives.</summary>
    internal void NoteArrival(RequestClass predicted) => arrived[GapCounts.IndexOf(predicted)]++;

    /// <summary>Notes that a server has other instances.</summary>
    internal void NoteInstances() => instances = null;

    /// <summary>Adds an instance.</summary>
    internal ClusterNode AddNode(ClusterServer server, SimulatedSystem system)
    {
        ClusterNode node = new(nodes.Count, server, system, this);
        nodes.Add(node);
        Ends.Add();
        return node;
    }

    /// <summary>Notes that the stretch of an instance ends at another time.</summary>
    internal void Reschedule(ClusterNode node) => Ends.Set(node.Number, node.Replica.EndsAtSeconds);
}
