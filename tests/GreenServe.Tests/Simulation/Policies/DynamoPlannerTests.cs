using CsCheck;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Policies;
using GreenServe.Workloads.Schedules;
using static GreenServe.Tests.Simulation.Policies.PolicyRuns;
using static GreenServe.Tests.Simulation.SimulatedRuns;

namespace GreenServe.Tests.Simulation.Policies;

public sealed class DynamoPlannerTests
{
    private static readonly DynamoPlanner Planner = new()
    {
        Name = "planner",
        Source = "test",
        ThroughputPeriodSeconds = 20,
        GpuPowerLimitWatts = 1500,
    };

    [Fact]
    public void Execute_KeepsTheBudgetAndEveryRequest_UnderAnyLoad() =>
        Gen.Select(Gen.Double[0.1, 8], Gen.Double[0.1, 8], Gen.Int[100, 3000], Gen.Int[10, 60], Gen.Double[0, 15]).Sample(
            (early, late, input, output, start) =>
            {
                List<ScheduledRequest> requests = new List<ScheduledRequest>()
                    .Steady(0, 30, early, input, output).Steady(30, 60, late, input, output);
                requests.Add(Request(requests.Count, 60, input, output));

                (Recorder recorder, ClusterSummary summary) = Run(requests, Cluster(4, 4) with { StartSeconds = start }, Planner);

                Assert.InRange(recorder.MaxSecondWatts(), 0, 1500);
                Assert.Equal(requests.Count, summary.CompletedRequests);
            },
            iter: 4);

    [Fact]
    public void Execute_SwitchesOffWhatTheBudgetDoesNotHold_AtTheBeginning()
    {
        // Five caps of 300 W. Eight servers would draw 2400 W: prefill gets floor(4 * 0.625) = 2, and 900 W are left for three that decode.
        (_, ClusterSummary summary) = Run([Request(0, 1, 100, 10)], Cluster(4, 4), Planner);

        Assert.Equal(3, summary.Actions.Count(action => action is { AtSeconds: 0, Kind: ActionKind.PowerOff, Refusal: null }));
        Assert.Equal(8, summary.Actions.Count(action => action is { Kind: ActionKind.SetPowerCap, Setting: "300 W" }));
    }

    [Fact]
    public void Execute_StopsServersAtLowLoad_AndStartsThemAgainWhenEnginesFallBehind()
    {
        List<ScheduledRequest> requests = new List<ScheduledRequest>()
            .Steady(0, 60, 0.5, 500, 20).Steady(60, 90, 25, 3000, 20).Steady(90, 110, 0.5, 500, 20);

        (_, ClusterSummary summary) = Run(requests, Cluster(4, 4) with { StartSeconds = 10 }, Planner);

        ControlAction firstStart = summary.Actions.First(action => action.Kind == ActionKind.Start);
        Assert.InRange(firstStart.AtSeconds, 60, 90);
        Assert.Contains(summary.Actions, action => action.Kind == ActionKind.PowerOff && action.AtSeconds is > 0 and < 60);
        Assert.Equal(requests.Count, summary.CompletedRequests);
    }

    [Fact]
    public void Execute_GivesAServerTheOtherRole_WhenItsOwnRoleHasNoMore()
    {
        // One server each at the beginning and two that are off, both of prefill. Long answers need more that decode.
        ClusterDefinition cluster = Cluster(3, 1);
        cluster = cluster with
        {
            StartSeconds = 5,
            Replicas = [.. cluster.Replicas.Select((replica, number) => replica with { StartsOff = number is 1 or 2 })],
        };
        List<ScheduledRequest> requests = new List<ScheduledRequest>().Steady(0, 30, 8, 200, 400);

        (_, ClusterSummary summary) = Run(requests, cluster, Planner with { GpuPowerLimitWatts = null, TpotSeconds = 0.008 });

        Assert.Contains(summary.Actions, action => action is { Kind: ActionKind.SetRole, Setting: "decode", Refusal: null });
        Assert.Equal(requests.Count, summary.CompletedRequests);
    }

    [Fact]
    public void Execute_CapsAServerForItsNewRole_AsSoonAsItStarts()
    {
        ClusterDefinition cluster = Cluster(3, 1);
        cluster = cluster with
        {
            StartSeconds = 5,
            Replicas = [.. cluster.Replicas.Select((replica, number) => replica with { StartsOff = number is 1 or 2 })],
        };
        List<ScheduledRequest> requests = new List<ScheduledRequest>().Steady(0, 30, 8, 200, 400);
        DynamoPlanner planner = Planner with { GpuPowerLimitWatts = null, TpotSeconds = 0.008, DecodeCapWatts = 250 };

        ClusterSummary summary = Run(requests, cluster, planner).Summary;

        ControlAction role = summary.Actions.First(action => action is { Kind: ActionKind.SetRole, Setting: "decode" });
        Assert.Contains(summary.Actions, action => action is { Kind: ActionKind.SetPowerCap, Setting: "250 W" }
            && (action.Instance, action.AtSeconds, action.EffectiveSeconds) == (role.Instance, role.AtSeconds, role.AtSeconds));
    }

    [Fact]
    public void CheckFor_RefusesDividedServers()
    {
        ClusterDefinition cluster = Cluster(1, 1);
        ClusterReplica divided = new() { System = Large, Role = ReplicaRole.Decode, Partition = [4, 4] };
        cluster = cluster with { Replicas = [cluster.Replicas[0], divided] };

        Assert.Equal(
            "replicas: got a partition of 4 + 4, want one instance on each server",
            Assert.Single(Problems(Planner with { GpuPowerLimitWatts = null }, cluster)).ToString());
    }

    [Fact]
    public void CheckFor_NamesEveryProblem()
    {
        ClusterDefinition whole = new() { Replicas = [new ClusterReplica { System = Small }] };
        Assert.Equal(
            "cluster roles: got 0 prefill, 0 decode, 1 others, want prefill and decode servers alone, at least 1 of each",
            Assert.Single(Problems(Planner, whole)).ToString());

        DynamoPlanner bad = Planner with { PrefillCapWatts = 50, GpuPowerLimitWatts = 300 };
        Assert.Equal(
            [
                "$.prefill_cap_watts: got 50, want 200 to 700 W (H100-80GB-SXM)",
                "$.gpu_power_limit_watts: got 300, want at least 350 W: the caps of 1 server of each role",
            ],
            Problems(bad, Cluster(2, 2)).Select(problem => problem.ToString()));
    }

    private static ClusterDefinition Cluster(int prefill, int decode) => new()
    {
        Replicas =
        [
            .. Enumerable.Repeat(new ClusterReplica { System = Small, Role = ReplicaRole.Prefill }, prefill),
            .. Enumerable.Repeat(new ClusterReplica { System = Small, Role = ReplicaRole.Decode }, decode),
        ],
    };
}
