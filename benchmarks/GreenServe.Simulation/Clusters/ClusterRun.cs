using GreenServe.Simulation.Control;
using GreenServe.Simulation.Runs;

namespace GreenServe.Simulation.Clusters;

/// <summary>
/// A cluster in virtual time. It routes requests, moves them from prefill to decode instances, and carries out the actions of an operator.
/// </summary>
internal sealed class ClusterRun : IServingTarget
{
    private readonly ClusterDefinition cluster;
    private readonly IndexedHeap ends;
    private readonly Queue<SimulatedRequest> unrouted = new();
    private readonly PriorityQueue<SimulatedRequest, (double Seconds, long Id)> moving = new();
    private readonly List<SimulatedRequest> ended = [];
    private int nextChange;
    private int unfinished;
    private double nextReady = double.PositiveInfinity;
    private int nextInTurn;

    /// <summary>Makes the cluster as it is at the start of a run.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="gapCounts">Receives the token gaps of completed requests.</param>
    /// <param name="sink">Receives steps and outcomes.</param>
    internal ClusterRun(ClusterDefinition cluster, GapCounts gapCounts, ISimulationSink sink)
    {
        this.cluster = cluster;
        Nodes = [.. Enumerable.Range(0, cluster.Replicas.Count).Select(number => new ClusterNode(number, cluster, gapCounts, sink))];
        ends = new IndexedHeap(Nodes.Count);
        IsSplit = Nodes.Any(node => node.Role == ReplicaRole.Prefill);
    }

    /// <summary>The instances, by number.</summary>
    internal IReadOnlyList<ClusterNode> Nodes { get; }

    /// <summary>Whether different instances process prompts and generate the tokens after the first.</summary>
    internal bool IsSplit { get; }

    /// <summary>Requests that no instance has: those that none serves yet, and those that move between two instances.</summary>
    internal IEnumerable<SimulatedRequest> Unassigned =>
        unrouted.Concat(moving.UnorderedItems.OrderBy(item => item.Priority).Select(item => item.Element));

    /// <inheritdoc />
    public double NowSeconds { get; private set; }

    /// <inheritdoc />
    public int WaitingCount => unrouted.Count + Nodes.Sum(node => node.Replica.WaitingCount);

    /// <inheritdoc />
    /// <remarks>
    /// While there is no unfinished request, changes do not count as events. They are carried out when the next request arrives.
    /// </remarks>
    public double EndsAtSeconds => Math.Min(Math.Min(ends.MinKey, NextMove), unfinished > 0 ? NextEvent : double.PositiveInfinity);

    private double NextChange => nextChange < cluster.Changes.Count ? cluster.Changes[nextChange].AtSeconds : double.PositiveInfinity;

    private double NextEvent => Math.Min(nextReady, NextChange);

    private double NextMove => moving.TryPeek(out _, out (double Seconds, long Id) first) ? first.Seconds : double.PositiveInfinity;

    /// <inheritdoc />
    public void Enqueue(SimulatedRequest request, double seconds)
    {
        ChangeUntil(seconds);
        NowSeconds = seconds;
        unfinished++;
        SimulatedRequest whole = IsSplit && request.OutputLimit > 1 ? request.ForPrefill() : request;
        Route(whole, seconds, toDecode: false);
    }

    /// <inheritdoc />
    public IReadOnlyList<SimulatedRequest> Advance()
    {
        ended.Clear();
        double seconds = EndsAtSeconds;
        NowSeconds = seconds;
        if (ends.MinKey <= seconds)
        {
            AdvanceNode(ends.Min);
        }
        else if (NextMove <= seconds)
        {
            Route(moving.Dequeue(), seconds, toDecode: true);
        }
        else
        {
            ChangeUntil(seconds);
        }

        return ended;
    }

    /// <inheritdoc />
    public void RunOut(double seconds)
    {
        for (int number = 0; number < Nodes.Count; number++)
        {
            Nodes[number].Replica.RunOut(seconds);
            NowSeconds = Math.Max(NowSeconds, Nodes[number].Replica.NowSeconds);
        }
    }

    private void AdvanceNode(int number)
    {
        ClusterNode node = Nodes[number];
        IReadOnlyList<SimulatedRequest> done = node.Replica.Advance();
        for (int index = 0; index < done.Count; index++)
        {
            SimulatedRequest request = done[index];
            node.Remove(request);
            if (request.IsHandedOver)
            {
                double bytes = request.PromptTokens * node.KeyValueBytesPerToken;
                double arrival = NowSeconds + cluster.TransferLatencySeconds + (bytes / cluster.TransferBytesPerSecond);
                moving.Enqueue(request.ForDecode(), (arrival, request.Request.Id));
            }
            else
            {
                unfinished--;
                ended.Add(request);
            }
        }

        if (node.ChangeWhenEmpty(NowSeconds))
        {
            nextReady = Math.Min(nextReady, node.ReadyAtSeconds);
        }

        ends.Set(number, node.Replica.EndsAtSeconds);
    }

    private void ChangeUntil(double seconds)
    {
        while (NextEvent <= seconds)
        {
            double at = NextEvent;
            if (NextChange <= at)
            {
                ReplicaChange change = cluster.Changes[nextChange++];
                Nodes[change.Replica].Apply(change, at);
                ends.Set(change.Replica, Nodes[change.Replica].Replica.EndsAtSeconds);
            }
            else
            {
                Nodes.First(node => node.ReadyAtSeconds <= at).BecomeReady();
                RouteWaiting(at);
            }

            nextReady = Nodes.Min(node => node.ReadyAtSeconds);
        }
    }

    private void RouteWaiting(double seconds)
    {
        for (int left = unrouted.Count; left > 0; left--)
        {
            SimulatedRequest request = unrouted.Dequeue();
            Route(request, seconds, toDecode: request.TransferredTokens > 0);
        }
    }

    private void Route(SimulatedRequest request, double seconds, bool toDecode)
    {
        if (Choose(request, toDecode) is not { } number)
        {
            unrouted.Enqueue(request);
            return;
        }

        nextInTurn = (number + 1) % Nodes.Count;
        Nodes[number].Take(request, seconds);
        ends.Set(number, Nodes[number].Replica.EndsAtSeconds);
    }

    /// <summary>Number of the instance that the router chooses for a request; <c>null</c> if none takes it now.</summary>
    private int? Choose(SimulatedRequest request, bool toDecode)
    {
        int? best = null;
        long leastLoad = long.MaxValue;
        for (int offset = 0; offset < Nodes.Count; offset++)
        {
            int number = cluster.Router == RouterKind.RoundRobin ? (nextInTurn + offset) % Nodes.Count : offset;
            ClusterNode node = Nodes[number];
            if (!node.Serves(request, toDecode))
            {
                continue;
            }

            if (cluster.Router == RouterKind.RoundRobin)
            {
                return number;
            }

            long load = cluster.Router == RouterKind.LeastRequests ? node.Requests : node.Tokens;
            if (load < leastLoad)
            {
                (best, leastLoad) = (number, load);
            }
        }

        return best;
    }
}
