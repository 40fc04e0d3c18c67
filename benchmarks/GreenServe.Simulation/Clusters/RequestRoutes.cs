using GreenServe.Simulation.Clusters.Timing;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Runs;

namespace GreenServe.Simulation.Clusters;

/// <summary>Gives requests to instances, by the policy or by the router, and keeps those that none takes now.</summary>
/// <param name="cluster">The cluster.</param>
/// <param name="control">Keeps the decisions of the policy.</param>
/// <param name="policy">The turns of the policy; <c>null</c> for none.</param>
internal sealed class RequestRoutes(ClusterState cluster, ClusterControl control, PolicyTurns? policy)
{
    private readonly ClusterRouter router = new(cluster.Definition.Router, cluster, policy?.HasPredictionErrors ?? false);
    private readonly Queue<SimulatedRequest> held = new();

    /// <summary>The requests that no instance takes now, in the order of their arrival here.</summary>
    internal IReadOnlyCollection<SimulatedRequest> Held => held;

    /// <summary>The requests that the policy has rejected and of which the load has not heard yet.</summary>
    internal List<SimulatedRequest> Rejected { get; } = [];

    /// <summary>Number of requests that the policy has rejected.</summary>
    internal long RejectedCount { get; private set; }

    /// <summary>Routes every held request, in the order of arrival.</summary>
    internal void RouteHeld(double seconds)
    {
        for (int left = held.Count; left > 0; left--)
        {
            SimulatedRequest request = held.Dequeue();
            Route(request, seconds);
        }
    }

    /// <summary>Routes held requests in their order until one of them is held again.</summary>
    internal void RouteFirstHeld(double seconds)
    {
        while (held.TryPeek(out SimulatedRequest? request) && Choose(request, seconds) is { Kind: not RouteKind.Hold } choice)
        {
            held.Dequeue();
            Send(request, choice, seconds);
        }
    }

    /// <summary>Routes a request that arrives, moves to be decoded, or has waited.</summary>
    internal void Route(SimulatedRequest request, double seconds) => Send(request, Choose(request, seconds), seconds);

    /// <summary>What becomes of a request, by the policy or by the router.</summary>
    private RouteDecision Choose(SimulatedRequest request, double seconds)
    {
        RouteDecision decision = policy?.Route(request, seconds, held.Count) ?? RouteDecision.ByRouter;
        return decision.Kind != RouteKind.ByRouter ? decision
            : router.Choose(request, toDecode: request.TransferredTokens > 0) is { } number ? RouteDecision.To(number)
            : RouteDecision.Hold;
    }

    private void Send(SimulatedRequest request, in RouteDecision decision, double seconds)
    {
        switch (decision.Kind)
        {
            case RouteKind.Reject:
                Reject(request, decision.Reason ?? "");
                break;
            case RouteKind.Defer:
                control.Log.Note(ActionKind.Defer, request.Request.Id, decision.Reason ?? "");
                double until = Math.Max(decision.UntilSeconds, Math.BitIncrement(seconds));
                cluster.Events.Add(until, new ClusterEvent(ClusterEventKind.Deferral) { Request = request });
                break;
            case RouteKind.To:
                Give(request, cluster.Nodes[decision.Instance], decision, seconds);
                break;
            default:
                held.Enqueue(request);
                break;
        }
    }

    private void Give(SimulatedRequest request, ClusterNode node, in RouteDecision decision, double seconds)
    {
        bool handsOver = request is { TransferredTokens: 0, OutputLimit: > 1 } && (node.Role == ReplicaRole.Prefill
            || (decision.DecodeInstance is { } other && other != node.Number));
        request.DecodeInstance = handsOver ? decision.DecodeInstance : null;
        router.Note(node);
        SimulatedRequest taken = handsOver ? request.ForPrefill() : request;
        taken.Rank = decision.Rank;
        node.Take(taken);
        if (decision.AfterSeconds > 0)
        {
            cluster.Events.Add(seconds + decision.AfterSeconds, new ClusterEvent(ClusterEventKind.Begin, node.Number) { Request = taken });
        }
        else
        {
            node.Begin(taken, seconds);
        }
    }

    private void Reject(SimulatedRequest request, string reason)
    {
        control.Log.Note(ActionKind.Reject, request.Request.Id, reason);
        RejectedCount++;
        Rejected.Add(request);
        cluster.Sink.Add(request.OutcomeWithoutInstance() with { Rejection = reason });
    }
}
