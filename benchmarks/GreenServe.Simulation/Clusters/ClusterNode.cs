using System.Diagnostics.CodeAnalysis;
using GreenServe.Records.Requests;
using GreenServe.Simulation.Clusters.Monitoring;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Runs;
using GreenServe.Simulation.Scheduling;

namespace GreenServe.Simulation.Clusters;

/// <summary>
/// One instance of a running cluster: its state and its load as routers and policies see it. A server that is divided anew uses its
/// instances again, so that few are ever made.
/// </summary>
internal sealed class ClusterNode : IInstanceView
{
    private readonly ClusterState cluster;
    private readonly Queue<SimulatedRequest> withoutToken = new();
    private long untoldTokens;
    private double idleSinceSeconds;

    /// <summary>Makes an instance that serves from the start of the run on.</summary>
    /// <param name="number">Number of the instance, from 0.</param>
    /// <param name="server">The server that it runs on.</param>
    /// <param name="system">Its setting.</param>
    /// <param name="cluster">The cluster that it belongs to.</param>
    internal ClusterNode(int number, ClusterServer server, SimulatedSystem system, ClusterState cluster)
    {
        this.cluster = cluster;
        (Number, Server, Role) = (number, server, server.Definition.Role);
        Power = new PowerHistory(cluster.NowSeconds);
        BatchLimits limits = Set(system);
        QualityRatio = cluster.Definition.QualityRatio(server.Definition, system);
        Replica = new SimulatedReplica(number, Model, limits, cluster.GapCounts, cluster.Sink);
    }

    /// <inheritdoc />
    public int Number { get; }

    /// <summary>The server that it runs on.</summary>
    internal ClusterServer Server { get; }

    /// <inheritdoc />
    IServerView IInstanceView.Server => Server;

    /// <summary>The instance in virtual time.</summary>
    internal SimulatedReplica Replica { get; }

    /// <summary>The power of the instance over the last minute.</summary>
    internal PowerHistory Power { get; }

    /// <inheritdoc />
    public InstanceState State { get; private set; } = InstanceState.Serving;

    /// <summary>Whether it exists now. An instance that a re-partition ended may come back with the next one.</summary>
    internal bool IsPresent { get; private set; } = true;

    /// <inheritdoc />
    public ReplicaRole Role { get; internal set; }

    /// <inheritdoc />
    public SimulatedSystem System { get; private set; }

    /// <inheritdoc />
    public StepModel Model { get; private set; }

    /// <summary>The setting that it will have once every command that is on its way has arrived.</summary>
    internal SimulatedSystem? Ordered { get; set; }

    /// <inheritdoc />
    public double ClockMegahertz => Model.ClockMegahertz;

    /// <inheritdoc />
    public int Requests { get; private set; }

    /// <summary>Number of input and output tokens of unfinished requests.</summary>
    internal long Tokens { get; private set; }

    /// <inheritdoc />
    public long PredictedTokens { get; private set; }

    /// <inheritdoc />
    public int PromptRequests => Requests - DecodingRequests;

    /// <inheritdoc />
    public long PromptTokens => Math.Max(0, untoldTokens - Load.PrefilledTokens);

    /// <inheritdoc />
    public int DecodingRequests => Load.DecodingRequests;

    /// <inheritdoc />
    public long ContextTokens => Load.ContextTokens;

    /// <inheritdoc />
    public long CacheTokens { get; private set; }

    /// <inheritdoc />
    public double CacheFillRatio => Load.CacheFillRatio;

    /// <inheritdoc />
    public double? OldestArrivalSeconds
    {
        get
        {
            while (withoutToken.TryPeek(out SimulatedRequest? first)
                && (first.FirstTokenSeconds is not null || first.Phase == SequencePhase.Ended))
            {
                withoutToken.Dequeue();
            }

            return withoutToken.TryPeek(out SimulatedRequest? oldest) ? oldest.View.ArrivedSeconds : null;
        }
    }

    /// <inheritdoc />
    public double LastBusySeconds => Requests > 0 ? cluster.NowSeconds : idleSinceSeconds;

    private ReplicaLoad Load => Replica.LoadBy(cluster.NowSeconds);

    /// <inheritdoc />
    public double Watts(int overSeconds) => Power.Watts(overSeconds);

    /// <inheritdoc />
    public bool Serves(in RequestView request) => Serves(request.PredictedClass, request.HasFirstToken);

    /// <summary>Whether the instance takes a request.</summary>
    /// <param name="requestClass">The class of the request, as far as whoever asks knows it.</param>
    /// <param name="toDecode">Whether the request has its first token and is to be decoded.</param>
    internal bool Serves(RequestClass requestClass, bool toDecode) =>
        State == InstanceState.Serving && HasPart(toDecode) && Server.Definition.Serves(requestClass);

    /// <summary>Whether it has no request, and none is about to begin on it.</summary>
    internal bool IsEmpty => Requests == 0;

    /// <summary>The quality of what it serves, a ratio from 0 to 1; <c>null</c> where it is not stated.</summary>
    internal double? QualityRatio { get; private set; }

    /// <summary>Counts a request that is given to it. It begins at once, or when what it needs has been loaded.</summary>
    internal void Take(SimulatedRequest request)
    {
        Count(request, +1);
        if (request.TransferredTokens == 0)
        {
            untoldTokens += request.PromptTokens;
            withoutToken.Enqueue(request);
        }
    }

    /// <summary>Begins with a request that it has taken.</summary>
    internal void Begin(SimulatedRequest request, double seconds)
    {
        Replica.Enqueue(request, seconds);
        cluster.Reschedule(this);
    }

    /// <summary>Notes that a request got its first token.</summary>
    internal void NoteFirstToken(SimulatedRequest request) => untoldTokens -= request.PromptTokens;

    /// <summary>Stops counting a request that ended or moves to another instance.</summary>
    internal void Remove(SimulatedRequest request, double seconds)
    {
        Count(request, -1);
        idleSinceSeconds = seconds;
    }

    /// <summary>Gives up the requests that have not begun.</summary>
    internal IReadOnlyList<SimulatedRequest> Withdraw(double seconds)
    {
        IReadOnlyList<SimulatedRequest> withdrawn = Replica.Withdraw();
        foreach (SimulatedRequest request in withdrawn)
        {
            Remove(request, seconds);
            untoldTokens -= request.TransferredTokens == 0 ? request.PromptTokens : 0;
        }

        return withdrawn;
    }

    /// <summary>Changes a setting that leaves the running batch as it is.</summary>
    /// <param name="changed">The instance with the new setting.</param>
    /// <param name="seconds">Time of the change, in seconds from the start of the run.</param>
    /// <param name="stallSeconds">How long the change keeps the instance from working, in seconds.</param>
    /// <returns>Time from which on it works with the new setting, in seconds from the start of the run.</returns>
    internal double SetAtSeconds(SimulatedSystem changed, double seconds, double stallSeconds)
    {
        BatchLimits limits = Set(changed);
        Replica.Change(Model, limits, seconds, stallSeconds);
        if (double.IsPositiveInfinity(Replica.EndsAtSeconds))
        {
            EnterPower(seconds);
            return seconds;
        }

        cluster.Reschedule(this);
        return Replica.EndsAtSeconds + stallSeconds;
    }

    /// <summary>Enters a state.</summary>
    internal void Enter(InstanceState state, double seconds)
    {
        State = state;
        IsPresent = true;
        EnterPower(seconds);
    }

    /// <summary>Lets the instance finish its requests and take no more.</summary>
    internal void Drain() => State = InstanceState.Draining;

    /// <summary>Goes on serving instead of draining.</summary>
    internal void Resume() => State = InstanceState.Serving;

    /// <summary>Becomes another instance. It must have no requests.</summary>
    internal void Become(SimulatedSystem system, InstanceState state, double seconds)
    {
        Ordered = null;
        BatchLimits limits = Set(system);
        QualityRatio = cluster.Definition.QualityRatio(Server.Definition, system);
        Replica.Replace(Model, limits, seconds);
        Enter(state, seconds);
    }

    /// <summary>Ceases to exist, until the server needs another instance.</summary>
    internal void Vanish(double seconds)
    {
        (State, IsPresent) = (InstanceState.Off, false);
        EnterPower(seconds);
    }

    /// <summary>Takes on a setting, and keeps what policies and routers ask of it for every request.</summary>
    /// <returns>What bounds the batches.</returns>
    [MemberNotNull(nameof(System), nameof(Model))]
    private BatchLimits Set(SimulatedSystem system)
    {
        BatchLimits limits = system.Limits;
        (System, Model, CacheTokens) = (system, cluster.Model(system), limits.CapacityTokens);
        return limits;
    }

    private bool HasPart(bool toDecode) => Role switch
    {
        ReplicaRole.Mixed => true,
        ReplicaRole.Decode => toDecode,
        _ => !toDecode,
    };

    private void Count(SimulatedRequest request, int change)
    {
        Requests += change;
        Tokens += change * (request.Request.InputTokens + (long)request.Request.OutputTokens);
        PredictedTokens += change * (request.View.InputTokens + (long)request.View.PredictedOutputTokens);
    }

    private void EnterPower(double seconds)
    {
        double withoutProcess = System.Gpus * System.Gpu.Power.IdleWatts;
        (double? watts, IdleUse use) = State switch
        {
            InstanceState.Off => (0, IdleUse.Idle),
            InstanceState.Idle => (withoutProcess, IdleUse.Idle),
            InstanceState.Asleep => (withoutProcess, IdleUse.Sleep),
            InstanceState.Starting or InstanceState.Resharding or InstanceState.Waking => ((double?)null, IdleUse.Transition),
            _ => (null, IdleUse.Idle),
        };
        Replica.SetIdle(seconds, watts, use);
    }
}
