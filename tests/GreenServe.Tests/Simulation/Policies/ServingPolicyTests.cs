using CsCheck;
using GreenServe.Records;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Policies;
using GreenServe.Workloads.Schedules;
using static GreenServe.Tests.Simulation.Policies.ServingPolicies;
using static GreenServe.Tests.Simulation.SimulatedRuns;

namespace GreenServe.Tests.Simulation.Policies;

public sealed class ServingPolicyTests
{
    private static readonly Gen<List<ScheduledRequest>> SparseRequests =
        Gen.Select(Gen.Double[0, 2], Gen.Int[1, 3000], Gen.Int[1, 400]).List[1, 60].Select(ToSchedule);

    [Fact]
    public void DynamoLlm_LosesNothing_AndItsEnergyAddsUp() =>
        Gen.Select(SparseRequests, Gen.Double[0.5, 1]).Sample(
            (requests, accuracy) => AssertNothingIsLost(
                requests, Controller(Dynamo with { PredictorAccuracyProbability = accuracy })),
            iter: 20, threads: 1);

    [Fact]
    public void Throttllem_LosesNothing_AndItsEnergyAddsUp() =>
        SparseRequests.Sample(
            requests => AssertNothingIsLost(requests, new ThrottllemController(Throttllem(), Profiles)), iter: 20, threads: 1);

    [Fact]
    public void VariantAutoscaler_LosesNothing_AndItsEnergyAddsUp() =>
        SparseRequests.Sample(
            requests => AssertNothingIsLost(requests, Autoscaler(period: 2).Create(Setting(new RequestSchedule(requests)))),
            iter: 20,
            threads: 1);

    [Fact]
    public void SinglePool_IsTheClusterWithoutAPolicy_WhereItsPredictorMakesNoErrors()
    {
        List<ScheduledRequest> requests = Mixed(200, perSecond: 4);
        DynamoLlmSetting single = Dynamo with
        {
            SeparatesClasses = false,
            ScalesInstances = false,
            ScalesShards = false,
            ScalesClocks = false,
            PredictorAccuracyProbability = 1,
        };

        (Recorder alone, ClusterSummary expected) = Run(requests, Cluster(), null);
        (Recorder controlled, ClusterSummary actual) = Run(requests, Cluster(), Controller(single));

        Assert.Equal(alone.Outcomes, controlled.Outcomes);
        Assert.Equal((expected.TotalJoules, 0), (actual.TotalJoules, actual.Actions.Count));

        // With a predictor that is never right the router balances other loads.
        (Recorder misled, _) = Run(requests, Cluster(), Controller(single with { PredictorAccuracyProbability = 0 }));
        Assert.NotEqual(alone.Outcomes.Select(outcome => outcome.Replica), misled.Outcomes.Select(outcome => outcome.Replica));
    }

    [Fact]
    public void DynamoLlm_SavesMoreWithEachLoop_AndMostWithAll()
    {
        List<ScheduledRequest> requests = Mixed(1200, perSecond: 6);
        DynamoLlmSetting none = Dynamo with { ScalesInstances = false, ScalesShards = false, ScalesClocks = false };

        double pools = Joules(requests, none);

        Assert.True(Joules(requests, none with { ScalesClocks = true }) < pools);
        Assert.True(Joules(requests, none with { ScalesInstances = true }) < pools);
        Assert.True(Joules(requests, Dynamo) < Joules(requests, none with { ScalesInstances = true }));
    }

    [Fact]
    public void DynamoLlm_NeedsNoMoreEnergy_WhenActionsAreFreeAndOutputsAreKnown()
    {
        List<ScheduledRequest> requests = Mixed(1200, perSecond: 6);
        ClusterDefinition free = Cluster() with { StartSeconds = 0, ReshardSeconds = 0, ClockChangeSeconds = 0 };

        double[] costly = [.. new[] { 0.7, 0.8, 0.9 }.Select(accuracy =>
            Run(requests, Cluster(), Controller(Dynamo with { PredictorAccuracyProbability = accuracy })).Summary.TotalJoules)];
        double best = Run(requests, free, Controller(Dynamo with { PredictorAccuracyProbability = 1 })).Summary.TotalJoules;

        // A single run may be luckier than its rule, so that the mean is what counts.
        Assert.True(best <= 1.01 * costly.Average(), $"{best} J, and {string.Join(", ", costly)} J");
    }

    [Fact]
    public void DynamoLlm_GivesTheSameBytes_WhenItRunsAgain()
    {
        List<ScheduledRequest> requests = Mixed(300, perSecond: 5);

        (Recorder one, ClusterSummary first) = Run(requests, Cluster(), Controller(Dynamo));
        (Recorder other, ClusterSummary second) = Run(requests, Cluster(), Controller(Dynamo));

        Assert.Equal(one.Outcomes, other.Outcomes);
        Assert.Equal(first.Actions, second.Actions);
        Assert.Contains(first.Actions, action => action.Kind == ActionKind.SetClock);
    }

    [Fact]
    public void VariantAutoscaler_StopsOneServerAPeriod_UntilOneIsLeft()
    {
        // A short request every ten seconds fills nothing, so that each period of 5 s has room for one server less.
        List<ScheduledRequest> requests = [.. Enumerable.Range(0, 5).Select(id => Request(id, 10 * id, 100, 10))];

        ClusterSummary summary = Run(
            requests, Cluster(), Autoscaler(period: 5).Create(Setting(new RequestSchedule(requests)))).Summary;

        Assert.Equal(
            [(5, ActionKind.PowerOff), (10, ActionKind.PowerOff)], summary.Actions.Select(action => (action.AtSeconds, action.Kind)));
    }

    [Fact]
    public void VariantAutoscaler_StartsAServer_WhenQueuesAreFull()
    {
        // Nothing comes for eleven seconds, so that one server is left. Then 400 prompts of 3,000 tokens come at once.
        List<ScheduledRequest> requests = [Request(0, 0, 100, 10), .. Enumerable.Range(1, 400).Select(id => Request(id, 11, 3000, 50))];

        ClusterSummary summary = Run(
            requests, Cluster(), Autoscaler(period: 5).Create(Setting(new RequestSchedule(requests)))).Summary;

        Assert.Contains(summary.Actions, action => (action.AtSeconds, action.Kind) == (15, ActionKind.Start));
    }

    [Fact]
    public void PerfectAutoscaler_HasAServerReady_BeforeTheLoadThatNeedsIt()
    {
        double capacity = Capacity(Setting(SteadyLoad(1), Slo));

        // Half a server's load for 5 periods of 2 s, one and a half from 10 s on. A start takes 3 s: at 6 s the policy looks as far as 9 s
        // and into the period after it, which begins at 10 s.
        RequestSchedule schedule = SteadyLoad(capacity);
        PerfectAutoscaler policy = new() { Name = "test", Source = "test", PeriodSeconds = 2 };
        IClusterPolicy controller = policy.Create(Setting(schedule, Slo));

        ClusterSummary summary = Run(schedule.Requests, Cluster(), controller).Summary;

        Assert.True(controller.KnowsFuture);
        ControlAction start = Assert.Single(summary.Actions, action => action.Kind == ActionKind.Start);
        Assert.Equal((1, 6, 9), (start.Server, start.AtSeconds, start.EffectiveSeconds));
    }

    [Fact]
    public void ProfileOfServer_AddsUpItsInstances_WhenItIsDivided()
    {
        SimulatedSystem half = Server with { Knobs = Server.Knobs with { TensorParallelism = 2 } };
        PolicySetting whole = Setting(SteadyLoad(1), Slo) with { Cluster = new() { Replicas = [new ClusterReplica { System = half }] } };
        PolicySetting divided = whole with { Cluster = new() { Replicas = [whole.Cluster.Replicas[0] with { Partition = [2, 2] }] } };

        // One instance on two of four accelerators, and two on all of them, which draw twice the power of one without its idle neighbours.
        double capacity = Capacity(whole);
        double idleWatts = 2 * Server.Gpu.Power.IdleWatts;
        Assert.Equal(2 * capacity, Capacity(divided), 1e-9);
        Assert.Equal(
            2 * (whole.ProfileOfServer(whole.Profiles()).Watts(capacity) - idleWatts),
            divided.ProfileOfServer(divided.Profiles()).Watts(2 * capacity),
            1e-9);
    }

    [Fact]
    public void BestStatic_StartsWhatItChose_AndKeepsToTheClockOfTheClusterFile()
    {
        RequestSchedule light = new(Mixed(60, perSecond: 1));
        SimulatedSystem slow = Server with { Knobs = Server.Knobs with { GpuClockMegahertz = 1200 } };
        ClusterReplica off = new() { System = slow, StartsOff = true };
        ClusterDefinition cluster = Cluster() with { Replicas = [off, off, off] };
        BestStatic policy = new() { Name = "test", Source = "test", ChoosesServers = false, GpuClocksMegahertz = [1500] };
        PolicySetting setting = Setting(light, Slo) with { Cluster = cluster };

        ClusterSummary summary = Run(light.Requests, cluster, policy.Create(setting)).Summary;

        // 1500 MHz is above the stated clock, which is therefore the only choice, and which every server has already.
        Assert.Equal(
            [(0, ActionKind.Start, 0), (1, ActionKind.Start, 0), (2, ActionKind.Start, 0)],
            summary.Actions.Select(action => (action.Server!.Value, action.Kind, action.EffectiveSeconds!.Value)));
        Assert.Equal(60, summary.CompletedRequests);
    }

    [Fact]
    public void ClocksUpToOwn_EndWithTheClockOfTheClusterFile()
    {
        SimulatedSystem slow = Server with { Knobs = Server.Knobs with { GpuClockMegahertz = 1200 } };
        GreenServe.Simulation.Capacity.ServingProfiles profiles =
            (Setting(SteadyLoad(1), Slo) with { Cluster = new() { Replicas = [new ClusterReplica { System = slow }] } }).Profiles();

        Assert.Equal([800, 1000, 1200], profiles.ClocksUpToOwn([1000, 800, 1200, 1400]));
        Assert.Equal([1000, 1400, null], Profiles.ClocksUpToOwn([1400, 1000]));
        Assert.Equal(profiles.Steps(4, 1200).DecodeSeconds(1, 100), profiles.Steps(4).DecodeSeconds(1, 100));
        Assert.NotEqual(Profiles.Steps(4).PrefillSeconds(3200), profiles.Steps(4).PrefillSeconds(3200));
    }

    [Fact]
    public void Throttllem_HoldsRequests_WhileNothingServes()
    {
        ClusterDefinition off = Cluster() with
        {
            Replicas = [.. Cluster().Replicas.Select(replica => replica with { StartsOff = true })],
            Changes = [new ReplicaChange(5, 0, ReplicaAction.Start, null)],
        };

        ClusterSummary summary = Run([Request(0, 0, 100, 10)], off, new ThrottllemController(Throttllem(), Profiles)).Summary;

        Assert.DoesNotContain(summary.Actions, action => action.Kind == ActionKind.Defer);
        Assert.Equal(1, summary.CompletedRequests);
    }

    [Fact]
    public void CheckFor_RefusesAClosedLoop()
    {
        PolicySetting closed = Setting(new RequestSchedule(Mixed(10, 1), concurrency: 4), Slo);
        PolicyDefinition[] policies =
        [
            Dynamo, new PerfectAutoscaler { Name = "a", Source = "test" }, new BestStatic { Name = "b", Source = "test" },
        ];

        Assert.All(policies, policy => Assert.Equal(
            "workload: got a closed loop of 4 users, want an open loop: its schedule says how much comes and when",
            Assert.Single(policy.CheckFor(closed)).ToString()));
    }

    [Fact]
    public void CheckFor_RefusesServersThatDifferInPartitionOrClasses()
    {
        ClusterReplica server = new() { System = Server };
        PolicySetting setting = Setting(SteadyLoad(1), Slo) with
        {
            Cluster = new()
            {
                Replicas = [server, server with { Partition = [2, 2] }, server with { Classes = new HashSet<string> { "SS" } }],
            },
        };

        Assert.Equal(
            ["servers of several kinds", "servers for some classes only"],
            Dynamo.CheckFor(setting).Select(problem => problem.Found));
    }

    [Fact]
    public void BestStatic_TakesTheFewestServersThatCarryThePeak_AndALowerClockWhereThatIsEnough()
    {
        RequestSchedule light = new(Mixed(60, perSecond: 1));
        BestStatic policy = new() { Name = "test", Source = "test", GpuClocksMegahertz = [1000] };

        ClusterSummary summary = Run(light.Requests, Cluster(), policy.Create(Setting(light, Slo))).Summary;

        Assert.Equal(2, summary.Actions.Count(action => action.Kind == ActionKind.PowerOff));

        // The nearest clock of the device to 1000 MHz is 1980 - 65 x 15.
        Assert.All(summary.Actions.Where(action => action.Kind == ActionKind.SetClock), action => Assert.Equal("1005 MHz", action.Setting));
    }

    [Fact]
    public void CheckFor_NamesWhatIsMissing_AndTheClocksThatAre()
    {
        Problem[] problems = [.. (Dynamo with { GpuClocksMegahertz = [100, 1200] }).CheckFor(Setting(new RequestSchedule(Mixed(1, 1))))];

        Assert.Equal(["$.slo", "$.gpu_clocks_megahertz[0]"], problems.Select(problem => problem.Place));
        Assert.Contains("210 to 1980 MHz", problems[1].Allowed, StringComparison.Ordinal);
    }

    private static double Joules(List<ScheduledRequest> requests, DynamoLlmSetting setting) =>
        Run(requests, Cluster(), Controller(setting)).Summary.TotalJoules;

    private static void AssertNothingIsLost(List<ScheduledRequest> requests, IClusterPolicy policy)
    {
        (Recorder recorder, ClusterSummary summary) = Run(requests, Cluster(), policy);

        PolicyRuns.AssertNothingIsLost(requests, recorder, summary);
    }

    private static RequestSchedule SteadyLoad(double capacity) => new(
    [
        .. Enumerable.Range(0, (int)(5 * capacity)).Select(id => Request(id, id * 2 / capacity, 400, 20)),
        .. Enumerable.Range(0, (int)(15 * capacity)).Select(id => Request((int)(5 * capacity) + id, 10 + (id / 1.5 / capacity), 400, 20)),
    ]);

    private static double Capacity(PolicySetting setting) => setting.ProfileOfServer(setting.Profiles()).CapacityRequestsPerSecond;

    private static ThrottllemSetting Throttllem() => new() { Name = "test", Source = "test", GpuClocksMegahertz = [600, 1200] };

    private static VariantAutoscaler Autoscaler(double period) => new() { Name = "test", Source = "test", PeriodSeconds = period };
}
