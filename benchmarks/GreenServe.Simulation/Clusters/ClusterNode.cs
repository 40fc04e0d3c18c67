using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Runs;

namespace GreenServe.Simulation.Clusters;

/// <summary>One instance of a running cluster: its state, its load as the router sees it, and the energy of accelerators it does not use.</summary>
internal sealed class ClusterNode
{
    private readonly ClusterDefinition cluster;
    private readonly ClusterReplica definition;
    private SimulatedSystem system;
    private ReplicaChange? afterDrain;
    private double unusedSince;

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
            Replica.SetIdleWatts(0, 0);
        }
    }

    internal SimulatedReplica Replica { get; }

    internal NodeState State { get; private set; } = NodeState.Serving;

    internal ReplicaRole Role => definition.Role;

    internal int Requests { get; private set; }

    internal long Tokens { get; private set; }

    internal double UnusedJoules { get; private set; }

    /// <summary>When its start-up or re-sharding is over (s); infinite while neither is under way.</summary>
    internal double ReadyAt { get; private set; } = double.PositiveInfinity;

    /// <summary>Bytes of keys and values of one token, over all accelerators.</summary>
    internal double KeyValueBytesPerToken => system.Gpus * DecodeAttention.BytesPerContextToken(
        system.Model, system.Knobs.TensorParallelism, system.KeyValueBytes) / system.Knobs.PipelineParallelism;

    internal bool Serves(SimulatedRequest request, bool toDecode) =>
        State == NodeState.Serving
        && (toDecode ? Role == ReplicaRole.Decode : Role != ReplicaRole.Decode)
        && (definition.Classes?.Contains(request.Request.Class.Name) ?? true);

    internal void Take(SimulatedRequest request, double seconds)
    {
        Requests++;
        Tokens += request.Request.InputTokens + request.Request.OutputTokens;
        Replica.Enqueue(request, seconds);
    }

    internal void Give(SimulatedRequest request)
    {
        Requests--;
        Tokens -= request.Request.InputTokens + request.Request.OutputTokens;
    }

    /// <summary>Does what an operator asked for, now or once the node is empty.</summary>
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
                ReadyAt = seconds + cluster.StartSeconds;
                Replica.SetIdleWatts(seconds, null);
                break;
            case ReplicaAction.Start:
                break;
            default:
                if (State == NodeState.Serving)
                {
                    State = NodeState.Draining;
                    afterDrain = change;
                    LeaveWhenEmpty(seconds);
                }

                break;
        }
    }

    /// <summary>Goes on with what waits for the node to be empty.</summary>
    /// <returns>Whether it did.</returns>
    internal bool LeaveWhenEmpty(double seconds)
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
                ReadyAt = seconds + cluster.ReshardSeconds;
                break;
            case ReplicaAction.Idle:
                State = NodeState.Idle;
                Replica.SetIdleWatts(seconds, system.Gpus * system.Gpu.Power.IdleWatts);
                break;
            default:
                State = NodeState.Off;
                Replica.SetIdleWatts(seconds, 0);
                break;
        }

        return true;
    }

    /// <summary>The start-up or the re-sharding is over.</summary>
    internal void BecomeReady()
    {
        State = NodeState.Serving;
        ReadyAt = double.PositiveInfinity;
    }

    /// <summary>Accounts for accelerators of the server that the instance does not use, up to a time (s).</summary>
    internal void CountUnused(double seconds)
    {
        if (State != NodeState.Off)
        {
            UnusedJoules += (system.GpuCount - system.Gpus) * system.Gpu.Power.IdleWatts * (seconds - unusedSince);
        }

        unusedSince = seconds;
    }
}
