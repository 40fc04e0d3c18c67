using GreenServe.Records.Requests;
using GreenServe.Simulation.Clusters.Timing;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Runs;

namespace GreenServe.Simulation.Clusters;

/// <summary>
/// Gives a policy its turns: at the beginning, at ticks, when requests need an instance, and after what happened to them.
/// </summary>
internal sealed class PolicyTurns
{
    private readonly ClusterController controller;
    private readonly IClusterPolicy policy;
    private readonly ClusterState cluster;
    private readonly ClusterControl control;
    private readonly double[] periodsSeconds;
    private readonly long[] ticks;

    /// <summary>Prepares the turns of a policy.</summary>
    /// <param name="controller">The policy and what it is told of requests.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="control">Carries out its decisions.</param>
    internal PolicyTurns(ClusterController controller, ClusterState cluster, ClusterControl control)
    {
        (this.controller, policy, this.cluster, this.control) = (controller, controller.Policy, cluster, control);
        periodsSeconds = [.. policy.PeriodsSeconds];
        ticks = new long[periodsSeconds.Length];
    }

    /// <summary>Whether the policy's predictor of output lengths errs.</summary>
    internal bool HasPredictionErrors => !policy.Predictor.IsExact;

    /// <summary>Lets the policy set the cluster up, for nothing, and schedules its first ticks.</summary>
    internal void Begin()
    {
        cluster.IsFree = true;
        policy.Begin(cluster, control);
        cluster.IsFree = false;
        for (int loop = 0; loop < periodsSeconds.Length; loop++)
        {
            Schedule(loop);
        }
    }

    /// <summary>Lets the policy decide in a loop.</summary>
    internal void Tick(int loop, double seconds)
    {
        cluster.NowSeconds = seconds;
        Schedule(loop);
        policy.Tick(loop, cluster, control);
    }

    /// <summary>Finds out what the policy may know of a request that arrives.</summary>
    internal void Look(SimulatedRequest request, double seconds)
    {
        RequestClass truth = request.Request.Class;
        RequestClass predicted = truth with { Output = policy.Predictor.Predict(truth.Output, request.Request.Id, controller.Seed) };
        cluster.NoteArrival(predicted);
        request.View = new RequestView(
            request.Request.Id,
            seconds,
            request.Request.InputTokens,
            predicted,
            TypicalLengths.Of(predicted, controller.Classes).OutputTokens,
            request.Request.Priority,
            request.Request.Adapter,
            HasFirstToken: false);
    }

    /// <summary>Asks the policy where a request goes. What it cannot have is recorded as refused, and the router decides.</summary>
    internal RouteDecision Route(SimulatedRequest request, double seconds, int held)
    {
        cluster.NowSeconds = seconds;
        cluster.HeldRequests = held;
        RequestView view = request.View;
        if (request is { DecodeInstance: { } chosen, TransferredTokens: > 0 } && Serves(chosen, view))
        {
            return RouteDecision.To(chosen);
        }

        RouteDecision decision = policy.Route(view, cluster, control);
        if (decision.Kind != RouteKind.To || (Serves(decision.Instance, view) && CanDecode(decision.DecodeInstance)))
        {
            return decision;
        }

        control.Log.Note(
            ActionKind.Route,
            request.Request.Id,
            "choice of an instance",
            decision.Instance,
            "the instance does not take such a request now");
        return RouteDecision.ByRouter;
    }

    /// <summary>Tells the policy of a first token.</summary>
    internal void NoteFirstToken(ClusterNode node, SimulatedRequest request, double seconds)
    {
        cluster.NowSeconds = seconds;
        RequestEvent happened = new(
            RequestEventKind.FirstToken, request.View, node.Number, seconds - request.IssuedSeconds, TpotSeconds: null, OutputTokens: 1);
        policy.Observe(happened, cluster, control);
    }

    /// <summary>Tells the policy of a completed request.</summary>
    internal void NoteCompleted(ClusterNode node, SimulatedRequest request, double seconds)
    {
        cluster.NowSeconds = seconds;
        double first = request.FirstTokenSeconds!.Value;
        RequestEvent happened = new(
            RequestEventKind.Completed,
            request.View,
            node.Number,
            first - request.IssuedSeconds,
            request.OutputLimit > 1 ? (seconds - first) / (request.OutputLimit - 1) : null,
            request.OutputLimit);
        policy.Observe(happened, cluster, control);
    }

    private bool Serves(int instance, in RequestView view) => cluster.Present(instance)?.Serves(view) == true;

    private bool CanDecode(int? instance) => instance is not { } number || cluster.Present(number) is not null;

    private void Schedule(int loop)
    {
        ticks[loop]++;
        cluster.Events.Add(ticks[loop] * periodsSeconds[loop], new ClusterEvent(ClusterEventKind.Tick, loop));
    }
}
