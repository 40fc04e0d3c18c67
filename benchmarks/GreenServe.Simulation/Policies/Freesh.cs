using System.ComponentModel.DataAnnotations;
using GreenServe.Records;
using GreenServe.Records.Requests;
using GreenServe.Records.Slos;
using GreenServe.Simulation.Capacity;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Policies.Checks;
using GreenServe.Simulation.Policies.Estimates;
using GreenServe.Simulation.Policies.Sites;
using GreenServe.Simulation.Policies.Solvers;
using GreenServe.Simulation.Runs;

namespace GreenServe.Simulation.Policies;

/// <summary>
/// FREESH (arXiv 2511.00807): a plan by the hour says which servers of which site are on, with which tensor parallelism, and which requests
/// they get, for the least carbon or energy. Clocks follow the limits by the second, and the request with the least slack goes first.
/// </summary>
public sealed record Freesh : PolicyDefinition
{
    /// <summary>What the plan saves: <c>carbon</c> or <c>energy</c>.</summary>
    /// <value>Default <c>carbon</c>.</value>
    public FreeshGoal Saves { get; init; }

    /// <summary>Period of the plan, in seconds, from 60 to 86400.</summary>
    /// <value>Default 3600.</value>
    [Range(60, 86_400)]
    public double PlanPeriodSeconds { get; init; } = 3600;

    /// <summary>Time until the first plan, in seconds, from 10 to 86400. All servers are on until then.</summary>
    /// <value>Default 300.</value>
    [Range(10, 86_400)]
    public double FirstPlanSeconds { get; init; } = 300;

    /// <summary>Tensor parallelism that servers may be divided into, each from 1 to 64.</summary>
    /// <value>Default 2, 4 and 8.</value>
    public IReadOnlyList<int> TensorParallelism { get; init; } = [2, 4, 8];

    /// <summary>Share of what a server carries within the SLO that the plan gives it at the load of the past period, in (0, 1].</summary>
    /// <value>Default 0.7.</value>
    [Range(0, 1, MinimumIsExclusive = true)]
    public double BusyShare { get; init; } = 0.7;

    /// <summary>Period of the clocks, in seconds, from 0.1 to 3600.</summary>
    /// <value>Default 5.</value>
    [Range(0.1, 3600)]
    public double ClockPeriodSeconds { get; init; } = 5;

    /// <summary>Share by which a clock rises when a request missed its limits (β), from 0 to 10.</summary>
    /// <value>Default 0.25.</value>
    [Range(0, 10)]
    public double ClockRaiseShare { get; init; } = 0.25;

    /// <summary>Step by which a clock falls while requests keep their limits, in megahertz, from 0 (clocks stay) to 10000.</summary>
    /// <value>Default 15.</value>
    [Range(0, 10_000)]
    public double ClockStepMegahertz { get; init; } = 15;

    /// <summary>Clock below which none falls, in megahertz, from 1 to 10000.</summary>
    /// <value>Default 800.</value>
    [Range(1, 10_000)]
    public double LowestClockMegahertz { get; init; } = 800;

    /// <inheritdoc />
    public override bool StartsFromOwnTraffic() => true;

    /// <inheritdoc />
    public override IEnumerable<Problem> CheckFor(PolicySetting setting)
    {
        foreach (Problem problem in setting.CheckSlo())
        {
            yield return problem;
        }

        foreach (int degree in TensorParallelism.Where(degree => degree is < 1 or > 64).Distinct())
        {
            yield return new Problem("$.tensor_parallelism", degree, "whole numbers from 1 to 64");
        }

        foreach (Problem problem in PolicyNeeds.WholeRequests(setting.Cluster)
            .Concat(PolicyNeeds.AllClasses(setting.Cluster))
            .Concat(Saves == FreeshGoal.Carbon ? CheckGrids(setting.Cluster) : []))
        {
            yield return problem;
        }
    }

    /// <inheritdoc />
    public override IClusterPolicy Create(PolicySetting setting) => new Controller(this, setting);

    private static IEnumerable<Problem> CheckGrids(ClusterDefinition cluster)
    {
        foreach (string? site in cluster.Replicas.Select(replica => replica.Site).Distinct())
        {
            if (site is null)
            {
                yield return new Problem("sites", "a server at no site", "every server at a site, whose grid has a carbon intensity");
            }
            else if (!cluster.Facility.Sites[site].Points.All(point => point.GramsPerKilowattHour is not null))
            {
                yield return new Problem($"site {site}", "a grid without carbon intensity", "a carbon intensity at every time");
            }
        }
    }

    private sealed class Controller : IClusterPolicy
    {
        private const int FirstPlanLoop = 0;
        private const int PlanLoop = 1;
        private const double MicrosecondsPerSecond = 1e6;

        /// <summary>Limit of a time that nothing limits, in seconds.</summary>
        private const double NoLimitSeconds = 1e6;

        private readonly Freesh policy;
        private readonly PolicySetting setting;
        private readonly double[] ttftSeconds;
        private readonly double[] tokenSeconds;
        private readonly ArrivalCounts arrivals = new();
        private readonly ClockLoop clocks;

        /// <summary>For each server, how long it would take for a request alone, as the cluster file states its setting.</summary>
        private SteadyServing[] alone = [];
        private IReadOnlyList<ServerPool> pools = [];
        private PlannedFleet? fleet;

        /// <summary>Time of the last plan, in seconds from the start of the run; 0 before the first one.</summary>
        private double plannedSeconds;

        internal Controller(Freesh policy, PolicySetting setting)
        {
            this.policy = policy;
            this.setting = setting;
            SloByClass limits = LimitsFor(setting.Cluster.Replicas[0].System);
            ttftSeconds = [.. RequestClass.All.Select(each => Math.Min(NoLimitSeconds, limits.StrictestSeconds(SloMetric.Ttft, each)))];
            tokenSeconds = [.. RequestClass.All.Select(each => Math.Min(NoLimitSeconds, limits.TokenSeconds(each)))];
            clocks = new ClockLoop(policy.ClockRaiseShare, policy.ClockStepMegahertz, policy.LowestClockMegahertz);
            PeriodsSeconds = [policy.FirstPlanSeconds, policy.PlanPeriodSeconds, policy.ClockPeriodSeconds];
        }

        public IReadOnlyList<double> PeriodsSeconds { get; }

        public void Begin(IClusterView cluster, IClusterActions actions)
        {
            TrafficHistory traffic = setting.Traffic;
            pools = ServerPool.Of(
                cluster,
                policy.TensorParallelism,
                system => new ServingProfiles(system, traffic, setting.Classes, LimitsFor(system)),
                policy.BusyShare);
            fleet = new PlannedFleet(pools);
            alone = [.. cluster.Servers.Select(server => new SteadyServing(server.System, cluster.Model(server.System)))];
        }

        public void Tick(int loop, IClusterView cluster, IClusterActions actions)
        {
            bool isDue = loop switch
            {
                FirstPlanLoop => plannedSeconds == 0,
                PlanLoop => plannedSeconds > 0 && plannedSeconds < cluster.NowSeconds,
                _ => false,
            };
            if (isDue)
            {
                fleet!.Follow(Plan(cluster));
            }
            else if (loop > PlanLoop)
            {
                clocks.Step(cluster, actions);
                fleet!.Approach(actions);
            }
        }

        public RouteDecision Route(in RequestView request, IClusterView cluster, IClusterActions actions)
        {
            int kind = GapCounts.IndexOf(request.PredictedClass);
            if (fleet!.Choose(request, kind) is not { } instance)
            {
                return RouteDecision.Hold;
            }

            // The present time is the same for all that wait, so the order of slacks is that of deadlines less the work left.
            RequestLengths lengths = new(request.InputTokens, Math.Max(1, request.PredictedOutputTokens));
            double deadline = request.ArrivedSeconds + ttftSeconds[kind] + (lengths.DecodedTokens * tokenSeconds[kind]);
            double slack = deadline - alone[instance.Server.Number].BusySeconds(lengths, 1);
            return RouteDecision.To(instance.Number, rank: (long)(slack * MicrosecondsPerSecond));
        }

        public void Observe(in RequestEvent happened, IClusterView cluster, IClusterActions actions)
        {
            int kind = GapCounts.IndexOf(happened.Request.PredictedClass);
            clocks.Note(happened.Instance, happened.Kind == RequestEventKind.FirstToken
                ? happened.TtftSeconds <= ttftSeconds[kind]
                : happened.TpotSeconds is not { } tpot || tpot <= tokenSeconds[kind]);
        }

        private SloByClass LimitsFor(SimulatedSystem system) => SloByClass.Of(setting.Slo!, setting.Classes, system);

        /// <summary>Plans for the load since the last plan.</summary>
        private TrafficPlan Plan(IClusterView cluster)
        {
            double elapsed = cluster.NowSeconds - plannedSeconds;
            double[] demand = [.. arrivals.SinceLast(cluster.ArrivedRequests).Select(requests => requests / elapsed)];
            plannedSeconds = cluster.NowSeconds;
            ServingOption[] options = [.. pools.SelectMany((pool, number) => pool.Costs.Select(costs =>
                costs.OptionOf(number, pool.CostPerJoule(cluster.NowSeconds, policy.Saves == FreeshGoal.Carbon))))];
            return TrafficPlan.Solve(options, [.. pools.Select(pool => pool.Servers.Count)], demand);
        }
    }
}

/// <summary>What a plan over sites saves.</summary>
public enum FreeshGoal
{
    /// <summary>Grams of CO2 equivalent: joules at a site count with the carbon intensity of its grid.</summary>
    Carbon,

    /// <summary>Joules, wherever they are drawn.</summary>
    Energy,
}
