using System.ComponentModel.DataAnnotations;
using GreenServe.Records;
using GreenServe.Records.Requests;
using GreenServe.Simulation.Capacity;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Control;
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

    /// <summary>Limit of the time to the first token, in seconds, from 0.01 to 3600.</summary>
    /// <value>Default 2.</value>
    [Range(0.01, 3600)]
    public double TtftSeconds { get; init; } = 2;

    /// <summary>Limit of the mean time between tokens, in seconds, from 0.001 to 60.</summary>
    /// <value>Default 0.1.</value>
    [Range(0.001, 60)]
    public double TpotSeconds { get; init; } = 0.1;

    /// <summary>Share of the time that the plan lets a server work at the load of the past period, in (0, 1].</summary>
    /// <value>Default 0.6.</value>
    [Range(0, 1, MinimumIsExclusive = true)]
    public double BusyShare { get; init; } = 0.6;

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
    public override IEnumerable<Problem> CheckFor(PolicySetting setting)
    {
        foreach (int degree in TensorParallelism.Where(degree => degree is < 1 or > 64).Distinct())
        {
            yield return new Problem("$.tensor_parallelism", degree, "whole numbers from 1 to 64");
        }

        if (setting.Cluster.Replicas.FirstOrDefault(replica => replica.Role is ReplicaRole.Prefill or ReplicaRole.Decode) is { } split)
        {
            yield return new Problem("cluster roles", split.Role, "servers that serve whole requests");
        }

        foreach (Problem problem in Saves == FreeshGoal.Carbon ? CheckGrids(setting.Cluster) : [])
        {
            yield return problem;
        }
    }

    /// <inheritdoc />
    public override IClusterPolicy Create(PolicySetting setting) => new Controller(this, setting.Classes);

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

    private sealed class Controller(Freesh policy, RequestClassCuts cuts) : IClusterPolicy
    {
        private const int PlanLoop = 0;
        private const double MicrosecondsPerSecond = 1e6;

        private static readonly Dictionary<string, int> KindOf =
            RequestClass.All.Index().ToDictionary(item => item.Item.Name, item => item.Index);

        private readonly RequestLengths[] kinds = [.. RequestClass.All.Select(requestClass =>
        {
            (int input, int output) = TypicalLengths.Of(requestClass, cuts);
            return new RequestLengths(input, output);
        })];

        private readonly long[] arrived = new long[RequestClass.All.Count];
        private readonly ClockLoop clocks = new(policy.ClockRaiseShare, policy.ClockStepMegahertz, policy.LowestClockMegahertz);
        private IReadOnlyList<ServerPool> pools = [];
        private PlannedFleet? fleet;
        private double plannedSeconds;
        private double nextPlanSeconds = policy.FirstPlanSeconds;

        public IReadOnlyList<double> PeriodsSeconds { get; } =
            [Math.Min(policy.FirstPlanSeconds, policy.PlanPeriodSeconds), policy.ClockPeriodSeconds];

        public void Begin(IClusterView cluster, IClusterActions actions)
        {
            PlanLimits limits = new(policy.TtftSeconds, policy.TpotSeconds, policy.BusyShare);
            pools = ServerPool.Of(cluster, policy.TensorParallelism, kinds, limits);
            fleet = new PlannedFleet(pools);
        }

        public void Tick(int loop, IClusterView cluster, IClusterActions actions)
        {
            if (loop != PlanLoop)
            {
                clocks.Step(cluster, actions);
                fleet!.Approach(actions);
            }
            else if (cluster.NowSeconds >= nextPlanSeconds)
            {
                fleet!.Follow(Plan(cluster));
                nextPlanSeconds = policy.PlanPeriodSeconds * (Math.Floor(cluster.NowSeconds / policy.PlanPeriodSeconds) + 1);
            }
        }

        public RouteDecision Route(in RequestView request, IClusterView cluster, IClusterActions actions)
        {
            if (fleet!.Choose(request, KindOf[request.PredictedClass.Name]) is not { } instance)
            {
                return RouteDecision.Hold;
            }

            // The time of day is the same for all that wait, so the order of slacks is that of deadlines less the work left.
            SteadyServing serving = new(instance.System, instance.Model);
            RequestLengths lengths = new(request.InputTokens, Math.Max(1, request.PredictedOutputTokens));
            double deadline = request.ArrivedSeconds + policy.TtftSeconds + (lengths.DecodedTokens * policy.TpotSeconds);
            double slack = deadline - serving.BusySeconds(lengths, 1);
            return RouteDecision.To(instance.Number, rank: (long)(slack * MicrosecondsPerSecond));
        }

        public void Observe(in RequestEvent happened, IClusterView cluster, IClusterActions actions) => clocks.Note(
            happened.Instance,
            happened.Kind == RequestEventKind.FirstToken
                ? happened.TtftSeconds <= policy.TtftSeconds
                : happened.TpotSeconds is not { } tpot || tpot <= policy.TpotSeconds);

        /// <summary>Plans for the load since the last plan.</summary>
        private TrafficPlan Plan(IClusterView cluster)
        {
            double elapsed = cluster.NowSeconds - plannedSeconds;
            double[] demand = new double[kinds.Length];
            foreach ((int kind, RequestClass requestClass) in RequestClass.All.Index())
            {
                long now = cluster.ArrivedRequests(requestClass);
                demand[kind] = (now - arrived[kind]) / elapsed;
                arrived[kind] = now;
            }

            plannedSeconds = cluster.NowSeconds;
            ServingOption[] options = [.. pools.SelectMany((pool, number) => pool.Served.Select(costs =>
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
