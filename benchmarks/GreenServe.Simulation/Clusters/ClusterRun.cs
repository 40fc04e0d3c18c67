using GreenServe.Simulation.Runs;

namespace GreenServe.Simulation.Clusters;

/// <summary>A cluster in virtual time: routes requests, hands them from prefill to decode instances, and carries out changes.</summary>
internal sealed class ClusterRun : IServingTarget
{
    private readonly ClusterDefinition cluster;
    private readonly IndexedHeap ends;
    private readonly Queue<SimulatedRequest> unrouted = new();
    private readonly PriorityQueue<SimulatedRequest, (double Seconds, long Id)> moving = new();
    private readonly List<SimulatedRequest> ended = [];
    private int nextChange;
    private int underWay;
    private double nextReady = double.PositiveInfinity;
    private int lastRouted = -1;

    internal ClusterRun(ClusterDefinition cluster, GapCounts gapCounts, ISimulationSink sink)
    {
        this.cluster = cluster;
        Nodes = [.. Enumerable.Range(0, cluster.Replicas.Count).Select(number => new ClusterNode(number, cluster, gapCounts, sink))];
        ends = new IndexedHeap(Nodes.Count);
        IsSplit = Nodes.Any(node => node.Role == ReplicaRole.Prefill);
    }

    internal IReadOnlyList<ClusterNode> Nodes { get; }

    /// <summary>Whether prompts and what follows them are served apart.</summary>
    internal bool IsSplit { get; }

    /// <summary>Requests that no instance has been found for.</summary>
    internal IEnumerable<SimulatedRequest> Homeless => unrouted.Concat(moving.UnorderedItems.OrderBy(item => item.Priority).Select(item => item.Element));

    public double Now { get; private set; }

    public int WaitingCount => unrouted.Count + Nodes.Sum(node => node.Replica.WaitingCount);

    // Without a request under way, changes only matter to the next one, and are caught up with when it comes.
    public double EndsAt => Math.Min(Math.Min(ends.MinKey, NextMove), underWay > 0 ? NextEvent : double.PositiveInfinity);

    private double NextChange => nextChange < cluster.Changes.Count ? cluster.Changes[nextChange].AtSeconds : double.PositiveInfinity;

    private double NextEvent => Math.Min(nextReady, NextChange);

    private double NextMove => moving.TryPeek(out _, out (double Seconds, long Id) first) ? first.Seconds : double.PositiveInfinity;

    public void Enqueue(SimulatedRequest request, double seconds)
    {
        ChangeUntil(seconds);
        Now = seconds;
        underWay++;
        SimulatedRequest whole = IsSplit && request.OutputLimit > 1 ? request.ForPrefill() : request;
        Route(whole, seconds, toDecode: false);
    }

    public IReadOnlyList<SimulatedRequest> Advance()
    {
        ended.Clear();
        double seconds = EndsAt;
        Now = seconds;
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

    public void RunOut(double seconds)
    {
        for (int number = 0; number < Nodes.Count; number++)
        {
            Nodes[number].Replica.RunOut(seconds);
            Now = Math.Max(Now, Nodes[number].Replica.Now);
        }
    }

    private void AdvanceNode(int number)
    {
        ClusterNode node = Nodes[number];
        IReadOnlyList<SimulatedRequest> done = node.Replica.Advance();
        for (int index = 0; index < done.Count; index++)
        {
            SimulatedRequest request = done[index];
            node.Give(request);
            if (request.IsHandedOver)
            {
                double bytes = request.PromptTokens * node.KeyValueBytesPerToken;
                double arrival = Now + cluster.TransferLatencySeconds + (bytes / cluster.TransferBytesPerSecond);
                moving.Enqueue(request.ForDecode(), (arrival, request.Request.Id));
            }
            else
            {
                underWay--;
                ended.Add(request);
            }
        }

        if (node.LeaveWhenEmpty(Now))
        {
            nextReady = Math.Min(nextReady, node.ReadyAt);
        }

        ends.Set(number, node.Replica.EndsAt);
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
                ends.Set(change.Replica, Nodes[change.Replica].Replica.EndsAt);
            }
            else
            {
                Nodes.First(node => node.ReadyAt <= at).BecomeReady();
                RouteWaiting(at);
            }

            nextReady = Nodes.Min(node => node.ReadyAt);
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
        int number = Choose(request, toDecode);
        if (number < 0)
        {
            unrouted.Enqueue(request);
            return;
        }

        lastRouted = number;
        Nodes[number].Take(request, seconds);
        ends.Set(number, Nodes[number].Replica.EndsAt);
    }

    private int Choose(SimulatedRequest request, bool toDecode)
    {
        int best = -1;
        long least = long.MaxValue;
        for (int step = 1; step <= Nodes.Count; step++)
        {
            int number = cluster.Router == RouterKind.RoundRobin ? (lastRouted + step) % Nodes.Count : step - 1;
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
            if (load < least)
            {
                (best, least) = (number, load);
            }
        }

        return best;
    }
}
