using System.Globalization;
using GreenServe.Records.Documents;
using GreenServe.Simulation.Clusters.Timing;
using GreenServe.Simulation.Clusters.Variants;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Runs;

namespace GreenServe.Simulation.Clusters;

/// <summary>Carries out the decisions of a policy.</summary>
internal sealed class ClusterControl(ClusterState cluster) : IClusterActions
{
    private readonly Dictionary<(int Instance, ActionKind Kind), long> arrived = [];

    /// <summary>Every decision.</summary>
    internal ActionLog Log { get; } = new(cluster);

    /// <summary>The requests that were taken from instances and are to be routed again.</summary>
    internal Queue<SimulatedRequest> Moved { get; } = new();

    /// <inheritdoc />
    public bool SetClock(int instance, double? megahertz, string reason, double afterSeconds = 0)
    {
        double? clock = megahertz is { } asked ? cluster.Present(instance)?.System.Gpu.Clock.SettableMegahertz(asked) ?? asked : null;
        return SetKnobs(
            ActionKind.SetClock,
            instance,
            system => system with { Knobs = system.Knobs with { GpuClockMegahertz = clock } },
            clock is { } set ? Text($"{set} MHz") : "highest clock",
            reason,
            afterSeconds,
            cluster.Costs.ClockChangeSeconds);
    }

    /// <inheritdoc />
    public bool SetPowerCap(int instance, double? watts, string reason, double afterSeconds = 0) => SetKnobs(
        ActionKind.SetPowerCap,
        instance,
        system => system with { Knobs = system.Knobs with { PowerCapWatts = watts } },
        watts is { } cap ? Text($"{cap} W") : "highest cap",
        reason,
        afterSeconds);

    /// <inheritdoc />
    public bool SetMaxBatch(int instance, int? sequences, string reason) => SetKnobs(
        ActionKind.SetMaxBatch,
        instance,
        system => system with { Knobs = system.Knobs with { MaxBatch = sequences } },
        sequences is { } batch ? Text($"{batch} sequences") : "batch of the engine",
        reason);

    /// <inheritdoc />
    public bool SetStepTokens(int instance, int? tokens, string reason) => SetKnobs(
        ActionKind.SetStepTokens,
        instance,
        system => system with { Knobs = system.Knobs with { StepTokens = tokens } },
        tokens is { } step ? Text($"{step} tokens") : "step of the engine",
        reason);

    /// <inheritdoc />
    public bool SetRole(int instance, ReplicaRole role, string reason)
    {
        if (Find(instance, ActionKind.SetRole, EnumText.Of(role), reason) is not { } node)
        {
            return false;
        }

        if (node.Role != role)
        {
            node.Role = role;
            Log.Accept(ActionKind.SetRole, node.Server.Number, instance, EnumText.Of(role), reason).EffectiveSeconds = cluster.NowSeconds;
        }

        return true;
    }

    /// <inheritdoc />
    public bool Partition(int server, IReadOnlyList<int> tensorParallelism, string reason)
    {
        string setting = $"TP {string.Join(" + ", tensorParallelism)}";
        if (RefusalOfChange(server, mustServe: true) is { } refusal)
        {
            return Log.Refuse(ActionKind.Partition, server, null, setting, reason, refusal);
        }

        ClusterServer target = cluster.Servers[server];
        (List<int> begin, List<ClusterNode> end) = target.Difference(tensorParallelism);
        SimulatedSystem template = end.Count > 0 ? end[0].System : target.System;
        SimulatedSystem[] systems =
            [.. begin.Select(degree => template with { Knobs = template.Knobs with { TensorParallelism = degree } })];
        if (RefusalOf(systems) is { } impossible)
        {
            return Log.Refuse(ActionKind.Partition, server, null, setting, reason, impossible);
        }

        int gpus = tensorParallelism.Sum() * target.System.PipelineParallelism;
        if (tensorParallelism.Count == 0 || gpus > target.GpuCount)
        {
            return Log.Refuse(
                ActionKind.Partition, server, null, setting, reason, $"{gpus} GPUs: a server has 1 to {target.GpuCount} to divide");
        }

        if (begin.Count + end.Count > 0)
        {
            LoggedAction logged = Log.Accept(ActionKind.Partition, server, null, setting, reason);
            ServerChange change = new(ActionKind.Partition) { Systems = systems, Ending = end, Log = logged };
            target.Begin(change with { Seconds = cluster.Costs.ReshardSeconds }, cluster.NowSeconds);
        }

        return true;
    }

    /// <inheritdoc />
    public bool SetVariant(int instance, string variant, string reason)
    {
        if (Find(instance, ActionKind.SetVariant, variant, reason) is not { } node)
        {
            return false;
        }

        if (!cluster.Definition.Variants.TryGetValue(variant, out ModelVariant? wanted))
        {
            string known = string.Join(", ", cluster.Definition.Variants.Keys.Order(StringComparer.Ordinal).DefaultIfEmpty("none"));
            return Log.Refuse(
                ActionKind.SetVariant, node.Server.Number, instance, variant, reason, $"the variants of the cluster file are: {known}");
        }

        if (wanted.IsServedBy(node.System, node.Server.System))
        {
            return true;
        }

        SimulatedSystem system = wanted.On(node.System, node.Server.System, cluster.Definition.Variants.Values);
        if ((RefusalOfChange(node.Server.Number, mustServe: true) ?? RefusalOf([system])) is { } refusal)
        {
            return Log.Refuse(ActionKind.SetVariant, node.Server.Number, instance, variant, reason, refusal);
        }

        LoggedAction logged = Log.Accept(ActionKind.SetVariant, node.Server.Number, instance, variant, reason);
        ServerChange change = new(ActionKind.SetVariant) { Systems = [system], Ending = [node], Log = logged };
        node.Server.Begin(change with { Seconds = wanted.FitsBeside ? 0 : cluster.Costs.StartSeconds }, cluster.NowSeconds);
        return true;
    }

    /// <inheritdoc />
    public bool Start(int server, string reason)
    {
        if (server < 0 || server >= cluster.Servers.Count)
        {
            return Log.Refuse(ActionKind.Start, null, null, $"server {server}", reason, NoServer(server));
        }

        ClusterServer target = cluster.Servers[server];
        if (target.CanStart)
        {
            target.Start(cluster.NowSeconds, Log.Accept(ActionKind.Start, server, null, "serving", reason));
        }

        return true;
    }

    /// <inheritdoc />
    public bool Sleep(int server, string reason) => Stop(ActionKind.Sleep, server, reason);

    /// <inheritdoc />
    public bool Idle(int server, string reason) => Stop(ActionKind.Idle, server, reason);

    /// <inheritdoc />
    public bool PowerOff(int server, string reason) => Stop(ActionKind.PowerOff, server, reason);

    /// <inheritdoc />
    public bool MoveWaiting(int instance, string reason)
    {
        if (Find(instance, ActionKind.MoveWaiting, "requests that have not begun", reason) is not { } node)
        {
            return false;
        }

        IReadOnlyList<SimulatedRequest> withdrawn = node.Withdraw(cluster.NowSeconds);
        if (withdrawn.Count > 0)
        {
            Log.Accept(ActionKind.MoveWaiting, node.Server.Number, instance, Text($"{withdrawn.Count} requests"), reason)
                .EffectiveSeconds = cluster.NowSeconds;
        }

        foreach (SimulatedRequest request in withdrawn)
        {
            Moved.Enqueue(request.Afresh());
        }

        return true;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private string? RefusalOf(IEnumerable<SimulatedSystem> systems) =>
        systems.SelectMany(system => system.Check().Concat(SimulatedRun.CheckLength(cluster.LongestTokens, system)))
            .FirstOrDefault()?.ToString();

    private string NoServer(int server) => Text($"there is no server {server}: servers have the numbers 0 to {cluster.Servers.Count - 1}");

    /// <summary>The instance that a decision concerns; <c>null</c> if there is none, which is kept as refused.</summary>
    private ClusterNode? Find(int instance, ActionKind kind, string setting, string reason)
    {
        ClusterNode? node = cluster.Present(instance);
        if (node is null)
        {
            Log.Refuse(kind, null, instance, setting, reason, Text($"there is no instance {instance} now"));
        }

        return node;
    }

    private string? RefusalOfChange(int server, bool mustServe)
    {
        if (server < 0 || server >= cluster.Servers.Count)
        {
            return NoServer(server);
        }

        ClusterServer target = cluster.Servers[server];
        return target.IsChanging ? "the server is within another change"
            : mustServe && target.Nodes.Any(node => node.State != InstanceState.Serving) ? "the server does not serve"
            : null;
    }

    private bool Stop(ActionKind kind, int server, string reason)
    {
        InstanceState after = ServerChange.StateAfter(kind);
        if (RefusalOfChange(server, mustServe: false) is { } refusal)
        {
            return Log.Refuse(kind, server, null, EnumText.Of(after), reason, refusal);
        }

        ClusterServer target = cluster.Servers[server];
        if (target.Nodes.Any(node => node.State != after))
        {
            LoggedAction logged = Log.Accept(kind, server, null, EnumText.Of(after), reason);
            target.Begin(new ServerChange(kind) { Log = logged }, cluster.NowSeconds);
        }

        return true;
    }

    private bool SetKnobs(
        ActionKind kind,
        int instance,
        Func<SimulatedSystem, SimulatedSystem> change,
        string setting,
        string reason,
        double afterSeconds = 0,
        double stallSeconds = 0)
    {
        if (Find(instance, kind, setting, reason) is not { } node)
        {
            return false;
        }

        SimulatedSystem before = node.Ordered ?? node.System;
        SimulatedSystem ordered = change(before);
        if (ordered.Knobs == before.Knobs)
        {
            return true;
        }

        if (RefusalOf([ordered]) is { } refusal)
        {
            return Log.Refuse(kind, node.Server.Number, instance, setting, reason, refusal);
        }

        LoggedAction logged = Log.Accept(kind, node.Server.Number, instance, setting, reason);
        node.Ordered = ordered;
        long order = Log.Accepted;
        if (afterSeconds > 0 && !cluster.IsFree)
        {
            // By then the instance may have another shape, which keeps its own tensor parallelism.
            cluster.Events.Add(cluster.NowSeconds + afterSeconds, new ClusterEvent(ClusterEventKind.Command, instance)
            {
                Command = seconds => Carry(node, change(node.System), seconds),
            });
        }
        else
        {
            Carry(node, change(node.System), cluster.NowSeconds);
        }

        return true;

        void Carry(ClusterNode target, SimulatedSystem changed, double seconds)
        {
            bool isOvertaken = order < arrived.GetValueOrDefault((instance, kind));
            if (!isOvertaken && target.IsPresent && RefusalOf([changed]) is null)
            {
                arrived[(instance, kind)] = order;
                logged.EffectiveSeconds = target.SetAtSeconds(changed, seconds, cluster.IsFree ? 0 : stallSeconds);
            }
        }
    }
}
