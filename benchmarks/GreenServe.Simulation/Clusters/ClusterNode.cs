using GreenServe.Simulation.Control;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Runs;

namespace GreenServe.Simulation.Clusters;

/// <summary>
/// One instance of a running cluster: its state, its load as the router sees it, and the energy of accelerators that it does not use.
/// </summary>
internal sealed class ClusterNode
{
    private readonly ClusterDefinition cluster;
    private readonly ClusterReplica definition;
    private SimulatedSystem system;
    private ReplicaChange? afterDrain;
    private readonly List<UnusedStretch> unused = [];
    private double unusedSince;

    /// <summary>Makes the instance as it is at the start of a run.</summary>
    /// <param name="number">Number of the instance, from 0.</param>
    /// <param name="cluster">The cluster that it belongs to.</param>
    /// <param name="gapCounts">Receives the token gaps of completed requests.</param>
    /// <param name="sink">Receives steps and outcomes.</param>
    internal ClusterNode(int number, ClusterDefinition cluster, GapCounts gapCounts, ISimulationSink sink)
    {
        this.cluster = cluster;
        definition = cluster.Replicas[number];
        system = definition.System;
        StepModel model = system.StepModel();
        Replica = new SimulatedReplica(number, model, system.Limits, gapCounts, sink);
        if (definition.StartsOff)
        {
            State = NodeState.Off;
            Replica.SetIdleWatts(seconds: 0, watts: 0);
        }
    }

    /// <summary>The instance in virtual time.</summary>
    internal SimulatedReplica Replica { get; }

    /// <summary>The present state of the instance.</summary>
    internal NodeState State { get; private set; } = NodeState.Serving;

    /// <summary>The part of a request that the instance serves.</summary>
    internal ReplicaRole Role => definition.Role;

    /// <summary>Number of unfinished requests.</summary>
    internal int Requests { get; private set; }

    /// <summary>Number of input and output tokens of unfinished requests.</summary>
    internal long Tokens { get; private set; }

    /// <summary>The times in which accelerators of the server were on and the instance did not use them.</summary>
    internal IReadOnlyList<UnusedStretch> Unused => unused;

    /// <summary>End of its start-up or re-sharding, in seconds from the start of the run; infinite while neither is in progress.</summary>
    internal double ReadyAtSeconds { get; private set; } = double.PositiveInfinity;

    /// <summary>Bytes of keys and values of one token, summed over all accelerators.</summary>
    internal double KeyValueBytesPerToken => system.Gpus * DecodeAttention.BytesPerContextToken(
        system.Model, system.TensorParallelism, system.KeyValueBytes) / system.PipelineParallelism;

    /// <summary>Whether the instance takes a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="toDecode">Whether the request has its first token and is to be decoded.</param>
    internal bool Serves(SimulatedRequest request, bool toDecode) =>
        State == NodeState.Serving
        && (toDecode ? Role == ReplicaRole.Decode : Role != ReplicaRole.Decode)
        && (definition.Classes?.Contains(request.Request.Class.Name) ?? true);

    /// <summary>Takes a request that arrives.</summary>
    internal void Take(SimulatedRequest request, double seconds)
    {
        Requests++;
        Tokens += request.Request.InputTokens + request.Request.OutputTokens;
        Replica.Enqueue(request, seconds);
    }

    /// <summary>Stops counting a request that ended or moves to another instance.</summary>
    internal void Remove(SimulatedRequest request)
    {
        Requests--;
        Tokens -= request.Request.InputTokens + request.Request.OutputTokens;
    }

    /// <summary>Carries out an action of an operator, now or once the instance has no requests.</summary>
    internal void Apply(ReplicaChange change, double seconds)
    {
        switch (change.Action)
        {
            case ReplicaAction.SetClock:
                system = ClusterDefinition.After(system, change)!;
                Replica.Change(system.StepModel(), seconds, cluster.ClockChangeSeconds);
                break;
            case ReplicaAction.Start when State is NodeState.Off or NodeState.Idle:
                CountUnused(seconds);
                State = NodeState.Starting;
                ReadyAtSeconds = seconds + cluster.StartSeconds;
                Replica.SetIdleWatts(seconds, watts: null);
                break;
            case ReplicaAction.Start:
                break;
            default:
                if (State == NodeState.Serving)
                {
                    State = NodeState.Draining;
                    afterDrain = change;
                    ChangeWhenEmpty(seconds);
                }

                break;
        }
    }

    /// <summary>Carries out the action that waits for the instance to have no requests, if it has none.</summary>
    /// <returns>Whether the action was carried out.</returns>
    internal bool ChangeWhenEmpty(double seconds)
    {
        if (State != NodeState.Draining || !Replica.IsEmpty)
        {
            return false;
        }

        CountUnused(seconds);
        switch (afterDrain!.Action)
        {
            case ReplicaAction.Reshard:
                system = ClusterDefinition.After(system, afterDrain)!;
                Replica.Replace(system.StepModel(), system.Limits, seconds);
                State = NodeState.Resharding;
                ReadyAtSeconds = seconds + cluster.ReshardSeconds;
                break;
            case ReplicaAction.Idle:
                State = NodeState.Idle;
                Replica.SetIdleWatts(seconds, system.Gpus * system.Gpu.Power.IdleWatts);
                break;
            default:
                State = NodeState.Off;
                Replica.SetIdleWatts(seconds, watts: 0);
                break;
        }

        return true;
    }

    /// <summary>Ends the start-up or the re-sharding.</summary>
    internal void BecomeReady()
    {
        State = NodeState.Serving;
        ReadyAtSeconds = double.PositiveInfinity;
    }

    /// <summary>
    /// Counts the energy of accelerators that the instance does not use up to a time, in seconds from the start of the run.
    /// </summary>
    internal void CountUnused(double seconds)
    {
        double watts = State == NodeState.Off ? 0 : (system.GpuCount - system.Gpus) * system.Gpu.Power.IdleWatts;
        if (watts > 0 && seconds > unusedSince)
        {
            unused.Add(new UnusedStretch(unusedSince, seconds, watts));
        }

        unusedSince = seconds;
    }
}

/// <summary>The state of an instance of a cluster.</summary>
internal enum NodeState
{
    /// <summary>The instance takes requests.</summary>
    Serving,

    /// <summary>The instance finishes its requests before it changes.</summary>
    Draining,

    /// <summary>The instance loads its weights.</summary>
    Starting,

    /// <summary>The instance moves its weights.</summary>
    Resharding,

    /// <summary>The instance has no process, and its accelerators idle.</summary>
    Idle,

    /// <summary>The instance draws no power.</summary>
    Off,
}
