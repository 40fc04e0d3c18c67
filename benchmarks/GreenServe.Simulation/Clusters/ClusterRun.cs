using GreenServe.Simulation.Clusters.Monitoring;
using GreenServe.Simulation.Clusters.Timing;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Runs;

namespace GreenServe.Simulation.Clusters;

/// <summary>
/// A cluster in virtual time. It routes requests, moves them from prefill to decode instances, and carries out the actions of an operator
/// and the decisions of a policy.
/// </summary>
internal sealed class ClusterRun : IServingTarget
{
    /// <summary>
    /// Simulated time for which requests may wait while nothing happens to them, in seconds: a day. A policy may tick for so long. After
    /// that the requests count as unserved.
    /// </summary>
    private const double MaxFruitlessSeconds = 86_400;

    private readonly ClusterDefinition cluster;
    private readonly ClusterState state;
    private readonly ClusterControl control;
    private readonly PolicyTurns? policy;
    private readonly RequestRoutes routes;
    private readonly PriorityQueue<SimulatedRequest, (double Seconds, long Id)> moving = new();
    private readonly List<SimulatedRequest> ended = [];
    private int unfinished;
    private long accepted;

    /// <summary>Makes the cluster as it is at the start of a run.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="controller">The policy that controls it; <c>null</c> for none.</param>
    /// <param name="gapCounts">Receives the token gaps of completed requests.</param>
    /// <param name="sink">Receives steps and outcomes.</param>
    /// <param name="longestTokens">Length of the longest request, input and output together, in tokens.</param>
    internal ClusterRun(
        ClusterDefinition cluster, ClusterController? controller, GapCounts gapCounts, ISimulationSink sink, long longestTokens)
    {
        this.cluster = cluster;
        state = new ClusterState(cluster, gapCounts, sink) { LongestTokens = longestTokens };
        control = new ClusterControl(state);
        for (int index = 0; index < cluster.Changes.Count; index++)
        {
            state.Events.Add(cluster.Changes[index].AtSeconds, new ClusterEvent(ClusterEventKind.Change, index));
        }

        if (controller is not null || !cluster.Facility.IsEmpty || cluster.Replicas.Any(server => server.HostWatts is not null))
        {
            state.Watch();
        }

        policy = controller is null ? null : new PolicyTurns(controller, state, control);
        routes = new RequestRoutes(state, control, policy);
        policy?.Begin();
    }

    /// <summary>The servers, by number.</summary>
    internal IReadOnlyList<ClusterServer> Servers => state.Servers;

    /// <summary>Every instance that there has been, by number.</summary>
    internal IReadOnlyList<ClusterNode> Nodes => state.Nodes;

    /// <summary>Every decision of the policy, in the order in which they were made.</summary>
    internal IReadOnlyList<ControlAction> Actions => control.Log.Actions;

    /// <summary>Mean quality of what completed requests got, a ratio from 0 to 1; <c>null</c> where it is not stated for all.</summary>
    internal double? MeanQualityRatio => state.Quality.MeanRatio;

    /// <summary>Number of requests that the policy rejected.</summary>
    internal long Rejected => routes.RejectedCount;

    /// <summary>
    /// Requests that no instance has: those that none serves yet, those that move between two instances, and those that wait outside the
    /// cluster.
    /// </summary>
    internal IEnumerable<SimulatedRequest> Unassigned => routes.Held
        .Concat(moving.UnorderedItems.OrderBy(item => item.Priority).Select(item => item.Element))
        .Concat(state.Events.Deferred);

    /// <inheritdoc />
    public double NowSeconds { get; private set; }

    /// <inheritdoc />
    public int WaitingCount => routes.Held.Count + Nodes.Sum(node => node.Replica.WaitingCount);

    /// <inheritdoc />
    /// <remarks>
    /// While there is no unfinished request, changes and ticks do not count as events. They are carried out when the next request arrives.
    /// </remarks>
    public double EndsAtSeconds => routes.Rejected.Count > 0
        ? NowSeconds
        : Math.Min(Math.Min(state.Ends.MinKey, NextMove), unfinished > 0 ? NextEvent : double.PositiveInfinity);

    private double NextMove => moving.TryPeek(out _, out (double Seconds, long Id) first) ? first.Seconds : double.PositiveInfinity;

    private double NextEvent
    {
        get
        {
            double next = state.Events.NextSeconds;
            bool onlyObserves = state.Events.Pending == 0 && moving.Count == 0 && double.IsPositiveInfinity(state.Ends.MinKey);
            return onlyObserves && next > NowSeconds + MaxFruitlessSeconds ? double.PositiveInfinity : next;
        }
    }

    /// <inheritdoc />
    public void Enqueue(SimulatedRequest request, double seconds)
    {
        CatchUp(seconds);
        NowSeconds = seconds;
        unfinished++;
        policy?.Look(request, seconds);
        routes.Route(request, seconds);
        FollowUp(seconds);
    }

    /// <inheritdoc />
    public IReadOnlyList<SimulatedRequest> Advance()
    {
        ended.Clear();
        double seconds = EndsAtSeconds;
        ReadUntil(seconds);
        if (routes.Rejected.Count > 0)
        {
            unfinished -= routes.Rejected.Count;
            ended.AddRange(routes.Rejected);
            routes.Rejected.Clear();
        }
        else if (state.Ends.MinKey <= seconds)
        {
            NowSeconds = seconds;
            AdvanceNode(Nodes[state.Ends.Min]);
        }
        else if (NextMove <= seconds)
        {
            NowSeconds = seconds;
            routes.Route(moving.Dequeue(), seconds);
            FollowUp(seconds);
        }
        else
        {
            CatchUp(seconds);
        }

        return ended;
    }

    /// <inheritdoc />
    /// <remarks>
    /// Requests that nothing serves are waited for until then, whether or not a policy looks on, and at most for a day. Energy, readings
    /// and the length of the run all cover that time.
    /// </remarks>
    public void RunOut(double seconds)
    {
        bool isAtRest = double.IsPositiveInfinity(EndsAtSeconds);
        if (isAtRest && unfinished == 0)
        {
            return;
        }

        double end = isAtRest ? Math.Min(seconds, NowSeconds + MaxFruitlessSeconds) : seconds;
        ReadUntil(end);
        NowSeconds = Math.Max(NowSeconds, end);
        foreach (ClusterNode node in Nodes)
        {
            node.Replica.RunOut(end);
            NowSeconds = Math.Max(NowSeconds, node.Replica.NowSeconds);
        }
    }

    /// <summary>Reads the servers at every whole second up to a time, before anything happens then.</summary>
    internal void ReadUntil(double seconds) => state.Monitor?.AdvanceTo(seconds, unfinished);

    /// <summary>Ends the readings of the servers.</summary>
    /// <param name="seconds">End of the run, in seconds from its start.</param>
    /// <returns>What was read; <c>null</c> for a cluster of which nobody wants to know it.</returns>
    internal MonitorSummary? EndReadings(double seconds) => state.Monitor?.End(seconds, unfinished);

    private void AdvanceNode(ClusterNode node)
    {
        IReadOnlyList<SimulatedRequest> done = node.Replica.Advance();
        IReadOnlyList<SimulatedRequest> begun = node.Replica.FirstTokens;
        for (int index = 0; index < begun.Count; index++)
        {
            node.NoteFirstToken(begun[index]);
            policy?.NoteFirstToken(node, begun[index], NowSeconds);
        }

        for (int index = 0; index < done.Count; index++)
        {
            SimulatedRequest request = done[index];
            node.Remove(request, NowSeconds);
            if (request.IsHandedOver)
            {
                double arrival = NowSeconds + cluster.TransferSeconds(request.PromptTokens, node.System.CacheBytesPerToken);
                moving.Enqueue(request.ForDecode(), (arrival, request.Request.Id));
            }
            else
            {
                unfinished--;
                ended.Add(request);
                state.Quality.Add(node.QualityRatio, request.PromptTokens + (long)request.OutputLimit);
                policy?.NoteCompleted(node, request, NowSeconds);
            }
        }

        node.Server.Settle(NowSeconds);
        state.Reschedule(node);
        FollowUp(NowSeconds, isSlotFree: ended.Count > 0);
    }

    /// <summary>Lets everything happen that is due by a time.</summary>
    private void CatchUp(double seconds)
    {
        while (state.Events.NextSeconds <= seconds)
        {
            double at = state.Events.NextSeconds;
            ReadUntil(at);
            ClusterEvent item = state.Events.Take();
            NowSeconds = item.IsObservation ? NowSeconds : Math.Max(NowSeconds, at);
            Happen(item, at);
            FollowUp(at, isTick: item.Kind == ClusterEventKind.Tick);
        }

        ReadUntil(seconds);
    }

    private void Happen(in ClusterEvent item, double at)
    {
        switch (item.Kind)
        {
            case ClusterEventKind.Change:
                OperatorChange.Apply(cluster.Changes[item.Number], state, at);
                break;
            case ClusterEventKind.Ready:
                Nodes[item.Number].Server.BecomeReady(Nodes[item.Number], at);
                routes.RouteHeld(at);
                break;
            case ClusterEventKind.Command:
                item.Command!(at);
                break;
            case ClusterEventKind.Begin:
                Nodes[item.Number].Begin(item.Request!, at);
                break;
            case ClusterEventKind.Deferral:
                routes.Route(item.Request!, at);
                break;
            default:
                policy?.Tick(item.Number, at);
                break;
        }
    }

    /// <summary>Routes what a decision has set free or may have found a place for.</summary>
    private void FollowUp(double seconds, bool isTick = false, bool isSlotFree = false)
    {
        bool acted = control.Log.Accepted != accepted;
        if (acted)
        {
            accepted = control.Log.Accepted;
            NowSeconds = Math.Max(NowSeconds, seconds);
        }

        while (control.Moved.TryDequeue(out SimulatedRequest? request))
        {
            routes.Route(request, seconds);
        }

        if (policy is not null && routes.Held.Count > 0)
        {
            if (acted || isTick)
            {
                routes.RouteHeld(seconds);
            }
            else if (isSlotFree)
            {
                routes.RouteFirstHeld(seconds);
            }
        }

        // A request that is rejected ends then, even where nothing else has happened since.
        NowSeconds = routes.Rejected.Count > 0 ? Math.Max(NowSeconds, seconds) : NowSeconds;
    }
}
