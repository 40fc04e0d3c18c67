using System.ComponentModel.DataAnnotations;
using GreenServe.Records;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Policies.Checks;
using GreenServe.Simulation.Policies.Estimates;
using GreenServe.Simulation.Policies.Planners;

namespace GreenServe.Simulation.Policies;

/// <summary>
/// The planner of NVIDIA Dynamo with a power budget: it starts and stops servers that process prompts and servers that decode, by the
/// predicted load and by what the engines have to do, while the power caps of all servers that are on stay within the budget.
/// </summary>
public sealed record DynamoPlanner : PolicyDefinition
{
    /// <summary>Target of the time to the first token, in seconds, from 0.001 to 3600.</summary>
    /// <value>Default 0.5.</value>
    [Range(0.001, 3600)]
    public double TtftSeconds { get; init; } = 0.5;

    /// <summary>Target of the mean time between tokens, in seconds, from 0.001 to 60.</summary>
    /// <value>Default 0.05.</value>
    [Range(0.001, 60)]
    public double TpotSeconds { get; init; } = 0.05;

    /// <summary>Period in which the floors follow the predicted load, in seconds, from 1 to 86400.</summary>
    /// <value>Default 180.</value>
    [Range(1, 86_400)]
    public double ThroughputPeriodSeconds { get; init; } = 180;

    /// <summary>Period in which the numbers of servers follow what the engines have to do, in seconds, from 1 to 86400.</summary>
    /// <value>Default 5.</value>
    [Range(1, 86_400)]
    public double LoadPeriodSeconds { get; init; } = 5;

    /// <summary>Period in which the agent on each server enforces the power caps, in seconds, from 1 to 86400.</summary>
    /// <value>Default 15.</value>
    [Range(1, 86_400)]
    public double CapPeriodSeconds { get; init; } = 15;

    /// <summary>Number of past throughput periods whose mean load is predicted for the next one, from 1 to 1000.</summary>
    /// <value>Default 1: the load stays as it is.</value>
    [Range(1, 1000)]
    public int PredictedPeriods { get; init; } = 1;

    /// <summary>Power cap of each accelerator that processes prompts, in watts, from 1 to 10000.</summary>
    /// <value>Default 300.</value>
    [Range(1, 10_000)]
    public double PrefillCapWatts { get; init; } = 300;

    /// <summary>Power cap of each accelerator that decodes, in watts, from 1 to 10000.</summary>
    /// <value>Default 300.</value>
    [Range(1, 10_000)]
    public double DecodeCapWatts { get; init; } = 300;

    /// <summary>Power that all accelerators may draw together, in watts, from 1 to 1e9; <c>null</c> for no limit.</summary>
    [Range(1, 1e9)]
    public double? GpuPowerLimitWatts { get; init; }

    /// <summary>Least number of servers of each role, from 1 to 10000.</summary>
    /// <value>Default 1.</value>
    [Range(1, 10_000)]
    public int MinReplicas { get; init; } = 1;

    /// <summary>Largest number of servers of a role that one decision starts or stops, from 1 to 10000.</summary>
    /// <value>Default 8.</value>
    [Range(1, 10_000)]
    public int MaxChange { get; init; } = 8;

    /// <summary>Share of a target that must hold with one server fewer before one is stopped, from 0 (never) to 1.</summary>
    /// <value>Default 0.8.</value>
    [Range(0, 1)]
    public double DownShare { get; init; } = 0.8;

    /// <inheritdoc />
    public override IEnumerable<Problem> CheckFor(PolicySetting setting)
    {
        IReadOnlyList<ClusterReplica> replicas = setting.Cluster.Replicas;
        ReplicaCounts there = new(
            replicas.Count(replica => replica.Role == ReplicaRole.Prefill), replicas.Count(replica => replica.Role == ReplicaRole.Decode));
        if (there.Prefill + there.Decode < replicas.Count || there.Prefill < MinReplicas || there.Decode < MinReplicas)
        {
            yield return new Problem(
                "cluster roles",
                $"{there.Prefill} prefill, {there.Decode} decode, {replicas.Count - there.Prefill - there.Decode} others",
                $"prefill and decode servers alone, at least {MinReplicas} of each");
            yield break;
        }

        foreach (Problem problem in PolicyNeeds.UndividedServers(setting.Cluster))
        {
            yield return problem;
        }

        foreach (ClusterReplica replica in replicas.DistinctBy(replica => (replica.System, replica.Role)))
        {
            foreach (Problem problem in WithCap(replica).Check())
            {
                yield return problem with { Place = $"$.{(replica.Role == ReplicaRole.Prefill ? "prefill" : "decode")}_cap_watts" };
            }
        }

        double least = BudgetFor(replicas).Watts(new ReplicaCounts(MinReplicas, MinReplicas));
        if (GpuPowerLimitWatts is { } limit && limit < least)
        {
            string allowed = $"at least {least} W: the caps of {PolicyNeeds.Counted(MinReplicas, "server")} of each role";
            yield return new Problem("$.gpu_power_limit_watts", limit, allowed);
        }
    }

    /// <inheritdoc />
    public override IClusterPolicy Create(PolicySetting setting) => new Controller(this, BudgetFor(setting.Cluster.Replicas));

    private double CapWatts(ReplicaRole role) => role == ReplicaRole.Prefill ? PrefillCapWatts : DecodeCapWatts;

    /// <summary>The budget. Accelerators that an instance leaves unused count with what they draw when idle.</summary>
    private PowerBudget BudgetFor(IReadOnlyList<ClusterReplica> replicas) => new(
        WattsOf(replicas, ReplicaRole.Prefill),
        WattsOf(replicas, ReplicaRole.Decode),
        GpuPowerLimitWatts ?? double.PositiveInfinity,
        MinReplicas);

    /// <summary>The largest power that a server of a role may draw, in watts.</summary>
    private double WattsOf(IReadOnlyList<ClusterReplica> replicas, ReplicaRole role) => replicas
        .Where(replica => replica.Role == role).Select(replica => replica.Instances.First())
        .Max(system => (system.Gpus * CapWatts(role)) + ((system.GpuCount - system.Gpus) * system.Gpu.Power.IdleWatts));

    private SimulatedSystem WithCap(ClusterReplica replica)
    {
        SimulatedSystem instance = replica.Instances.First();
        return instance with { Knobs = instance.Knobs with { PowerCapWatts = CapWatts(replica.Role) } };
    }

    private sealed class Controller(DynamoPlanner planner, PowerBudget budget) : IClusterPolicy
    {
        private const int ThroughputLoop = 0;
        private const int LoadLoop = 1;

        private readonly ObservedTraffic traffic = new(planner.PredictedPeriods);
        private ReplicaCounts floor = new(planner.MinReplicas, planner.MinReplicas);
        private PlannerRules? rules;

        public IReadOnlyList<double> PeriodsSeconds { get; } =
            [planner.ThroughputPeriodSeconds, planner.LoadPeriodSeconds, planner.CapPeriodSeconds];

        public void Begin(IClusterView cluster, IClusterActions actions)
        {
            rules = new PlannerRules(
                ServingOf(ReplicaRole.Prefill), ServingOf(ReplicaRole.Decode), planner.TtftSeconds, planner.TpotSeconds, planner.DownShare);
            EnforceCaps(cluster, actions);
            PlannedServers servers = new(cluster, budget, planner.CapWatts);
            servers.Scale(budget.Clamp(servers.Present), actions, "the power budget holds no more");

            SteadyServing ServingOf(ReplicaRole role)
            {
                SimulatedSystem system = cluster.Instances.First(instance => instance.Role == role).System;
                system = system with { Knobs = system.Knobs with { PowerCapWatts = planner.CapWatts(role) } };
                return new SteadyServing(system, cluster.Model(system));
            }
        }

        public void Tick(int loop, IClusterView cluster, IClusterActions actions)
        {
            if (loop == ThroughputLoop)
            {
                traffic.EndPeriod(cluster, planner.ThroughputPeriodSeconds);
                floor = traffic.Lengths is { } lengths ? rules!.Floor(traffic.RequestsPerSecond, lengths) : floor;
            }
            else if (loop == LoadLoop)
            {
                Balance(cluster, actions);
            }
            else
            {
                EnforceCaps(cluster, actions);
            }
        }

        public RouteDecision Route(in RequestView request, IClusterView cluster, IClusterActions actions)
        {
            if (!request.HasFirstToken)
            {
                traffic.Arrive(request);
            }

            return RouteDecision.ByRouter;
        }

        public void Observe(in RequestEvent happened, IClusterView cluster, IClusterActions actions)
        {
            if (happened.Kind == RequestEventKind.Completed)
            {
                traffic.Complete(happened);
            }
        }

        /// <summary>Decides by what the engines have to do. A role whose servers start or stop is only watched.</summary>
        private void Balance(IClusterView cluster, IClusterActions actions)
        {
            if (traffic.Lengths is not { } lengths)
            {
                return;
            }

            PlannedServers servers = new(cluster, budget, planner.CapWatts);
            ReplicaCounts present = servers.Present;
            ReplicaCounts wanted = new ReplicaCounts(
                present.Prefill + rules!.PrefillChange(servers.Prefill, lengths.InputTokens),
                present.Decode + rules.DecodeChange(servers.Decode));
            wanted = wanted.AtLeast(floor).AtLeast(new ReplicaCounts(planner.MinReplicas, planner.MinReplicas));
            wanted = wanted.Within(planner.MaxChange, present);
            wanted = new ReplicaCounts(
                servers.PrefillChanges ? present.Prefill : wanted.Prefill, servers.DecodeChanges ? present.Decode : wanted.Decode);
            servers.Scale(budget.Clamp(wanted), actions, "load of the engines");
        }

        private void EnforceCaps(IClusterView cluster, IClusterActions actions)
        {
            foreach (IInstanceView instance in cluster.Instances)
            {
                actions.SetPowerCap(instance.Number, planner.CapWatts(instance.Role), "cap of its role");
            }
        }
    }
}
