using GreenServe.Records.Requests;
using GreenServe.Records.Slos;
using GreenServe.Simulation.Capacity;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Policies.DynamoLlm;
using GreenServe.Simulation.Runs;

namespace GreenServe.Simulation.Policies;

/// <summary>DynamoLLM in one run. Classes and pools are numbered as in <see cref="RequestClass.All"/>.</summary>
internal sealed class DynamoLlmController : IClusterPolicy
{
    private const int Reorder = 1;
    private const int Hasten = 2;
    private const int Move = 3;
    private const int Drop = 4;

    private readonly DynamoLlmSetting setting;
    private readonly ServingProfiles profiles;
    private readonly (double PeriodSeconds, Action<IClusterView, IClusterActions> Turn)[] loops;
    private readonly double?[] clocks;
    private readonly ServerPools pools;
    private readonly ShardSchedule shards;
    private readonly LoadForecast forecast;
    private readonly PoolCapacities capacities;
    private readonly double[] ttftSeconds;
    private readonly double[] tokenSeconds;
    private readonly int[] stages = new int[RequestClass.All.Count];
    private readonly InstanceNotes notes;
    private readonly int servers;

    /// <summary>Makes the controller.</summary>
    /// <param name="setting">The policy.</param>
    /// <param name="profiles">Profiles of the servers.</param>
    /// <param name="replicas">The servers, which are alike.</param>
    internal DynamoLlmController(DynamoLlmSetting setting, ServingProfiles profiles, IReadOnlyList<ClusterReplica> replicas)
    {
        this.setting = setting;
        this.profiles = profiles;
        servers = replicas.Count;
        Predictor = OutputPredictor.WithAccuracy(setting.PredictorAccuracyProbability);
        clocks = [.. profiles.ClocksUpToOwn(setting.GpuClocksMegahertz)];
        pools = new ServerPools(servers);
        notes = new InstanceNotes(profiles, pools, clocks);
        shards = new ShardSchedule(profiles, pools, servers);
        forecast = new LoadForecast(profiles.Traffic, setting.HeadroomRatio);
        capacities = new PoolCapacities(profiles, replicas[0], setting.ScalesShards);
        ttftSeconds = [.. RequestClass.All.Select(pool => profiles.Limits.StrictestSeconds(SloMetric.Ttft, pool))];
        tokenSeconds = [.. RequestClass.All.Select(profiles.Limits.TokenSeconds)];
        loops = [.. Loops()];
    }

    /// <inheritdoc />
    public IReadOnlyList<double> PeriodsSeconds => [.. loops.Select(loop => loop.PeriodSeconds)];

    /// <inheritdoc />
    public OutputPredictor Predictor { get; }

    /// <inheritdoc />
    public void Begin(IClusterView cluster, IClusterActions actions)
    {
        if (!setting.SeparatesClasses)
        {
            int[] all = new int[RequestClass.All.Count];
            all[PoolSizing.Largest] = servers;
            pools.Assign(all, cluster, actions);
        }
        else if (setting.ScalesInstances)
        {
            ScaleInstances(cluster, actions);
        }
        else
        {
            double[] peaks = [.. RequestClass.All.Select(profiles.Traffic.ClassPeakRequestsPerSecond)];
            pools.Assign(PoolSizing.ForPeaks(capacities.LoadsOf(peaks), servers), cluster, actions);
        }

        if (setting.ScalesShards)
        {
            shards.Plan(ExpectedOfPools(setting.ShardPeriodSeconds), setting.ShardPeriodSeconds, cluster);
            shards.Apply(cluster, actions, staggers: false);
        }
    }

    /// <inheritdoc />
    public void Tick(int loop, IClusterView cluster, IClusterActions actions) => loops[loop].Turn(cluster, actions);

    /// <summary>
    /// The instance of its own pool that can serve it in time and needs the least energy more; else such an instance of a pool of longer
    /// requests; else the instance with the least load for its size.
    /// </summary>
    public RouteDecision Route(in RequestView request, IClusterView cluster, IClusterActions actions)
    {
        if (!setting.SeparatesClasses && !setting.ScalesClocks)
        {
            return RouteDecision.ByRouter;
        }

        int number = GapCounts.IndexOf(request.PredictedClass);
        int own = setting.SeparatesClasses ? number : PoolSizing.Largest;
        double slack = request.ArrivedSeconds + ttftSeconds[number] - cluster.NowSeconds;
        if (slack < 0 && stages[own] >= Drop && setting.DropsExpired)
        {
            return RouteDecision.Reject("its first token is overdue in an emergency");
        }

        InstanceChoice choice = default;
        Offer(request, own, isOwn: true, slack, cluster, ref choice);
        if (!choice.IsOwnInTime)
        {
            Offer(request, own, isOwn: false, slack, cluster, ref choice);
        }

        if (choice.Instance is not { } chosen)
        {
            return RouteDecision.Hold;
        }

        InstanceNote given = notes.Of(cluster.Instance(chosen));
        given.Give(capacities.WeightRequests(given.Pool, number));
        long rank = given.Stage >= Reorder ? (long)(1e6 * (cluster.NowSeconds + slack)) : 0;
        return RouteDecision.To(chosen, rank: rank);
    }

    /// <summary>Offers the instances of a request's own pool, or all others.</summary>
    private void Offer(
        in RequestView request, int own, bool isOwn, double slackSeconds, IClusterView cluster, ref InstanceChoice choice)
    {
        IReadOnlyList<IInstanceView> instances = cluster.Instances;
        for (int index = 0; index < instances.Count; index++)
        {
            IInstanceView instance = instances[index];
            InstanceNote note = notes.Of(instance);
            if ((note.Pool == own) != isOwn || !instance.Serves(request))
            {
                continue;
            }

            bool dominates = note.Pool != ServerPools.None && PoolSizing.Dominates(note.Pool, own);
            double? joules = dominates ? AddedJoules(instance, note, request, slackSeconds, cluster.NowSeconds) : null;
            choice.Offer(instance.Number, isOwn, dominates, joules, (instance.Requests + 1) / (1 + note.MeanRequests));
        }
    }

    private IEnumerable<(double PeriodSeconds, Action<IClusterView, IClusterActions> Turn)> Loops()
    {
        if (setting.ScalesInstances || setting.ScalesShards)
        {
            yield return (TrafficHistory.SlotSeconds, (cluster, _) => forecast.EndSlot(cluster.ArrivedRequests));
        }

        if (setting.ScalesInstances)
        {
            yield return (setting.InstancePeriodSeconds, ScaleInstances);
        }

        if (setting.ScalesShards)
        {
            yield return (setting.ShardPeriodSeconds, (cluster, _) =>
                shards.Plan(ExpectedOfPools(setting.ShardPeriodSeconds), setting.ShardPeriodSeconds, cluster));
            yield return (setting.ClockPeriodSeconds, (cluster, actions) => shards.Apply(cluster, actions, staggers: true));
        }

        if (setting.ScalesClocks)
        {
            yield return (setting.ClockPeriodSeconds, ScaleClocks);
        }
    }

    /// <summary>ScaleInst. It looks ahead by the time that a server takes to start.</summary>
    private void ScaleInstances(IClusterView cluster, IClusterActions actions)
    {
        double[] rates = forecast.Rates(setting.InstancePeriodSeconds + cluster.Costs.StartSeconds);
        pools.Assign(PoolSizing.WithoutFragments(capacities.LoadsOf(rates), servers), cluster, actions);
    }

    /// <summary>The rate that each pool is to carry, in requests of its class per second.</summary>
    private double[] ExpectedOfPools(double horizonSeconds)
    {
        int[] counts = [.. Enumerable.Range(0, RequestClass.All.Count).Select(pools.Count)];
        return capacities.RatesOf(PoolSizing.LoadsOfPools(capacities.LoadsOf(forecast.Rates(horizonSeconds)), counts));
    }

    /// <summary>ScaleFreq and emergencies, for each instance.</summary>
    private void ScaleClocks(IClusterView cluster, IClusterActions actions)
    {
        Array.Clear(stages);
        for (int index = 0; index < cluster.Instances.Count; index++)
        {
            IInstanceView instance = cluster.Instances[index];
            InstanceNote note = notes.Of(instance);
            if (note.Pool == ServerPools.None || instance.State != InstanceState.Serving)
            {
                continue;
            }

            note.EndPeriod(setting.ClockPeriodSeconds);
            InstanceLoad load = InstanceLoad.Of(instance, ttftSeconds[note.Pool], cluster.NowSeconds);
            bool isLate = !load.IsInTime(profiles.Steps(note.Degree), tokenSeconds[note.Pool]);
            note.Stage = isLate ? Math.Min(note.Stage + 1, Drop) : 0;
            stages[note.Pool] = Math.Max(stages[note.Pool], note.Stage);
            int clock = note.Stage >= Hasten ? clocks.Length - 1 : ClockFor(note, load);
            SetClock(instance, note, clock, note.Stage >= Hasten ? "requests are late" : "least energy in time", actions);
            if (note.Stage >= Move)
            {
                actions.MoveWaiting(instance.Number, "requests are late");
            }
        }
    }

    /// <summary>
    /// The clock that finishes the work of an instance with the least energy, of those that keep its requests in time and carry its rate;
    /// the highest if there is none.
    /// </summary>
    private int ClockFor(InstanceNote note, in InstanceLoad load)
    {
        int best = clocks.Length - 1;
        double leastJoules = double.PositiveInfinity;
        for (int clock = 0; clock < clocks.Length; clock++)
        {
            StepTable steps = profiles.Steps(note.Degree, clocks[clock]);
            double joules = load.Prompts + load.Decoding > 0 ? load.Joules(steps) : steps.IdleWatts;
            if (joules < leastJoules && load.IsInTime(steps, tokenSeconds[note.Pool]) && Carries(note, clock))
            {
                (best, leastJoules) = (clock, joules);
            }
        }

        return best;
    }

    private bool Carries(InstanceNote note, int clock) =>
        (1 + setting.HeadroomRatio) * note.RequestsPerSecond
        <= profiles.Of(RequestClass.All[note.Pool], note.Degree, clocks[clock]).CapacityRequestsPerSecond;

    private void SetClock(IInstanceView instance, InstanceNote note, int clock, string reason, IClusterActions actions)
    {
        if (clock != note.Clock && actions.SetClock(instance.Number, clocks[clock], reason))
        {
            note.Clock = clock;
            note.Steps = profiles.Steps(note.Degree, clocks[clock]);
        }
    }

    /// <summary>
    /// The energy that a request adds to the work of an instance, in joules; <c>null</c> where the instance cannot serve it in time, has no
    /// room in its cache or is at its capacity.
    /// </summary>
    private double? AddedJoules(
        IInstanceView instance, InstanceNote note, in RequestView request, double slackSeconds, double nowSeconds)
    {
        if (!note.HasRoom(nowSeconds, capacities.WeightRequests(note.Pool, GapCounts.IndexOf(request.PredictedClass)))
            || instance.PredictedTokens + request.InputTokens + request.PredictedOutputTokens > note.Steps.CapacityTokens)
        {
            return null;
        }

        InstanceLoad now = InstanceLoad.Of(instance, ttftSeconds[note.Pool], nowSeconds);
        InstanceLoad then = now.With(request, slackSeconds);
        return then.IsInTime(note.Steps, tokenSeconds[note.Pool]) ? then.Joules(note.Steps) - now.Joules(note.Steps) : null;
    }
}
