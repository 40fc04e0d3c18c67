using CsCheck;
using GreenServe.Records.Requests;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Runs;
using GreenServe.Workloads.Schedules;
using static GreenServe.Tests.Simulation.SimulatedRuns;

namespace GreenServe.Tests.Simulation.Clusters;

public sealed class ControlledClusterTests
{
    private static readonly SimulatedSystem Server = TestSystems.H100(TestSystems.Llama31For8B, 1) with { GpuCount = 4 };

    private static readonly Gen<List<ScheduledRequest>> ClusterRequests =
        Gen.Select(Gen.Double[0, 0.2], Gen.Int[1, 3000], Gen.Int[1, 300]).List[1, 60].Select(ToSchedule);

    [Fact]
    public void Execute_IsTheSameAsWithoutAPolicy_WhenThePolicyDoesNothing() =>
        ClusterRequests.Sample(
            requests =>
            {
                ClusterDefinition cluster = Cluster(3) with
                {
                    Changes = [new ReplicaChange(0.5, 0, ReplicaAction.Reshard, 2), new ReplicaChange(1, 1, ReplicaAction.PowerOff)],
                    ReshardSeconds = 1,
                };
                (Recorder alone, ClusterSummary expected) = Run(requests, cluster, policy: null);
                (Recorder watched, ClusterSummary actual) = Run(requests, cluster, new ScriptedPolicy { PeriodsSeconds = [0.37, 5] });

                Assert.Equal(alone.Outcomes, watched.Outcomes);
                Assert.Equal(alone.Stretches, watched.Stretches);
                Assert.Equal(
                    expected with { Actions = [], CompletedByReplica = [], Verdict = actual.Verdict, Unused = [], Worked = [] },
                    actual with { Actions = [], CompletedByReplica = [], Unused = [], Worked = [], Monitor = null });
                Assert.Empty(actual.Actions);
            },
            iter: 30);

    [Fact]
    public void Execute_LosesNothing_WhateverThePolicyDoes() =>
        Gen.Select(ClusterRequests, Gen.Int[0, 1_000_000]).Sample(
            (requests, seed) =>
            {
                ClusterDefinition cluster = Cluster(3) with { StartSeconds = 3, ReshardSeconds = 1, WakeSeconds = 0.5 };
                (Recorder recorder, ClusterSummary summary) = Run(requests, cluster, new RandomPolicy(seed));

                Assert.Equal(requests.Select(request => request.Id), recorder.Outcomes.Select(outcome => outcome.Request.Id).Order());
                Assert.Equal(
                    requests.Count, summary.CompletedRequests + summary.CancelledRequests + summary.RejectedRequests);
                ILookup<RequestStatus, RequestOutcome> ended = recorder.Outcomes.ToLookup(outcome => outcome.Status);
                Assert.All(ended[RequestStatus.Completed], outcome => Assert.Equal(outcome.Request.OutputTokens, outcome.OutputTokens));
                Assert.Equal(
                    ended[RequestStatus.Completed].Sum(outcome => outcome.Request.OutputTokens - 1L),
                    recorder.Gaps.Values.Sum(gaps => gaps.Count));

                double parts = recorder.Outcomes.Sum(outcome => outcome.EnergyJoules) + summary.IdleJoules + summary.TransitionJoules
                    + summary.SleepJoules + summary.UnusedJoules;
                AssertRelative(summary.TotalJoules, parts, 1e-9);
                AssertRelative(summary.TotalJoules, summary.Monitor!.Cluster.GpuJoules, 1e-9);
            },
            iter: 200);

    [Fact]
    public void Execute_RepeatsItself_WithTheSameSeed() =>
        Gen.Select(ClusterRequests, Gen.Int[0, 1_000_000]).Sample(
            (requests, seed) =>
            {
                (Recorder first, ClusterSummary one) = Run(requests, Cluster(2), new RandomPolicy(seed));
                (Recorder second, ClusterSummary two) = Run(requests, Cluster(2), new RandomPolicy(seed));

                Assert.Equal(first.Outcomes, second.Outcomes);
                Assert.Equal(first.Stretches, second.Stretches);
                Assert.Equal(one.Actions, two.Actions);
            },
            iter: 20);

    [Fact]
    public void Partition_UsesEveryAccelerator_WhenAServerIsDivided()
    {
        ScriptedPolicy policy = new()
        {
            PeriodsSeconds = [10],
            OnTick = (_, cluster, actions) => actions.Partition(0, cluster.NowSeconds < 15 ? [2, 2] : [2, 1, 1], "test"),
        };
        List<ScheduledRequest> requests = [.. Enumerable.Range(0, 40).Select(id => Request(id, id, 500, 20))];

        (Recorder recorder, ClusterSummary summary) = Run(requests, Cluster(1) with { ReshardSeconds = 2 }, policy);

        // Three accelerators idle at 75 W until 10 s, none afterwards. Both re-partitions move the weights of two instances for 2 s: first
        // those on all four accelerators, then those on the two of the instance that ends. A loaded accelerator draws 123 W.
        double divided = summary.Actions[0].EffectiveSeconds!.Value - 2;
        Assert.InRange(divided, 10, 10.5);
        Assert.Equal(3 * 75 * divided, summary.UnusedJoules, 1e-6);
        Assert.Equal((4 * 123 * 2) + (2 * 123 * 2), summary.TransitionJoules, 1e-6);
        Assert.Equal(["TP 2 + 2", "TP 2 + 1 + 1"], summary.Actions.Select(action => action.Setting));
        Assert.Equal(40, summary.CompletedRequests);
        Assert.Equal(3, recorder.Stretches.Select(stretch => stretch.Replica).Distinct().Count());
    }

    [Fact]
    public void Execute_RecordsWhatIsRefused_WithItsReason()
    {
        ScriptedPolicy policy = new()
        {
            OnBegin = (_, actions) =>
            {
                Assert.False(actions.Partition(0, [3], "no such degree"));
                Assert.False(actions.Partition(0, [4, 4], "too many"));
                Assert.False(actions.Partition(0, [], "none"));
                Assert.False(actions.Partition(0, [-4, 4], "less than none"));
                Assert.False(actions.Partition(9, [1], "no such server"));
                Assert.False(actions.SetClock(0, 50, "too low"));
                Assert.False(actions.SetPowerCap(0, 5000, "too high"));
                Assert.False(actions.SetMaxBatch(0, 0, "none"));
                Assert.False(actions.SetRole(7, ReplicaRole.Decode, "no such instance"));
                Assert.False(actions.Start(-1, "no such server"));
                Assert.True(actions.SetClock(0, null, "as it is"));
            },
        };

        (_, ClusterSummary summary) = Run([Request(0, 1, 100, 10)], Cluster(1), policy);

        Assert.Equal(10, summary.Actions.Count);
        Assert.All(summary.Actions, action => Assert.Null(action.EffectiveSeconds));
        Assert.Equal(
            "knobs.gpu_clock_megahertz: got 50, want 210 to 1980 MHz in steps of 15 (H100-80GB-SXM)", summary.Actions[5].Refusal);
        Assert.Contains("8 GPUs: a server has 1 to 4 to divide", summary.Actions.Select(action => action.Refusal));
        Assert.Contains("there is no server 9: servers have the numbers 0 to 0", summary.Actions.Select(action => action.Refusal));
    }

    [Fact]
    public void SetClock_TakesEffectAfterItsDelayAndTheStepInProgress()
    {
        ScriptedPolicy policy = new()
        {
            PeriodsSeconds = [2],
            OnTick = (_, _, actions) => actions.SetClock(0, 1200, "test", afterSeconds: 3),
        };

        (Recorder recorder, ClusterSummary summary) = Run([Request(0, 0, 1000, 2000)], Cluster(1), policy);

        // Ordered at 2 s, again at 4 s without effect, arrived at 5 s; then a step of some 10 ms ends and 65 ms pass.
        ControlAction action = Assert.Single(summary.Actions);
        Assert.Equal((2.0, "1200 MHz"), (action.AtSeconds, action.Setting));
        Assert.InRange(action.EffectiveSeconds!.Value, 5.065, 5.1);
        StepStretch first = recorder.Stretches.First(stretch => stretch is { IsIdle: false, ClockMegahertz: 1200 });
        Assert.Equal(action.EffectiveSeconds.Value, first.StartSeconds, 1e-9);
    }

    [Fact]
    public void Execute_GoesOnWithoutARejectedRequest_InAClosedLoop()
    {
        ScriptedPolicy policy = new()
        {
            OnRoute = (request, _, _) => request.Id % 2 == 0 ? RouteDecision.Reject("even") : RouteDecision.ByRouter,
        };
        RequestSchedule schedule = new([.. Enumerable.Range(0, 9).Select(id => Request(id, 0, 100, 5))], concurrency: 1);
        Recorder recorder = new();

        ClusterSummary summary = SimulatedCluster.Execute(schedule, Cluster(1), recorder, new ClusterController(policy));

        // Numbers 0, 2, 4, 6 and 8 are rejected.
        Assert.Equal((4L, 5L), (summary.CompletedRequests, summary.RejectedRequests));
        RequestOutcome rejected = recorder.Outcomes.First(outcome => outcome.Request.Id == 2);
        Assert.Equal((RequestStatus.Refused, "even"), (rejected.Status, rejected.Rejection));
        Assert.Equal(5, summary.Actions.Count(action => action is { Kind: ActionKind.Reject, Reason: "even" }));
    }

    [Fact]
    public void Execute_BeginsADeferredRequest_AtTheTimeThatThePolicyNamed()
    {
        ScriptedPolicy policy = new()
        {
            OnRoute = (_, cluster, _) => cluster.NowSeconds < 30 ? RouteDecision.Defer(30, "cleaner power") : RouteDecision.ByRouter,
        };

        (Recorder recorder, ClusterSummary summary) = Run([Request(0, 1, 100, 10)], Cluster(1), policy);

        // A prompt of 100 tokens takes some 10 ms.
        Assert.InRange(recorder.Outcomes[0].FirstTokenSeconds!.Value, 30, 30.1);
        Assert.Equal("cleaner power", Assert.Single(summary.Actions).Reason);
    }

    [Fact]
    public void Sleep_DrawsIdlePower_AndWakesInItsTime()
    {
        // Asleep from the beginning; woken at 100 s for 5 s; the only request comes at 200 s.
        ScriptedPolicy policy = new()
        {
            PeriodsSeconds = [100],
            OnBegin = (_, actions) => actions.Sleep(0, "no load"),
            OnTick = (_, _, actions) => actions.Start(0, "load to come"),
        };
        ClusterDefinition cluster = new()
        {
            Replicas = [new ClusterReplica { System = Server with { GpuCount = 1 } }],
            WakeSeconds = 5,
        };

        (Recorder recorder, ClusterSummary summary) = Run([Request(0, 200, 100, 10)], cluster, policy);

        // H100: 75 W without a loaded process, 123 W loaded.
        double busy = recorder.Outcomes[0].CompletedSeconds!.Value - 200 - Server.Engine.FrontEndSeconds;
        Assert.Equal(75 * 100, summary.SleepJoules, 1e-6);
        Assert.Equal(123 * 5, summary.TransitionJoules, 1e-6);
        Assert.Equal(123 * (summary.DurationSeconds - 105 - busy), summary.IdleJoules, 1e-6);
        Assert.Equal([0.0, 105.0], summary.Actions.Select(action => action.EffectiveSeconds!.Value));
    }

    [Fact]
    public void Start_KeepsAServerServing_WhenItWasAboutToStop()
    {
        // The long request drains until after 1 s, when the second one arrives and the server is wanted again.
        ScriptedPolicy policy = new()
        {
            PeriodsSeconds = [0.5],
            OnTick = (_, cluster, actions) => Assert.True(
                cluster.NowSeconds < 0.75 ? actions.PowerOff(0, "off") : actions.Start(0, "on")),
        };

        (Recorder recorder, ClusterSummary summary) = Run([Request(0, 0, 100, 400), Request(1, 1.5, 100, 5)], Cluster(1), policy);

        Assert.Equal(2, summary.CompletedRequests);
        Assert.InRange(recorder.Outcomes.Single(outcome => outcome.Request.Id == 1).FirstTokenSeconds!.Value, 1.5, 1.6);
        Assert.Null(summary.Actions[0].EffectiveSeconds);
        Assert.Equal(1.0, summary.Actions[1].EffectiveSeconds);
    }

    [Fact]
    public void Route_SplitsARequest_WhenThePolicyNamesAnInstanceThatDecodes()
    {
        ScriptedPolicy policy = new()
        {
            OnBegin = (_, actions) =>
            {
                actions.SetRole(0, ReplicaRole.Mixed, "test");
                actions.SetRole(1, ReplicaRole.Mixed, "test");
            },
            OnRoute = (_, _, _) => RouteDecision.To(0, decodeInstance: 1),
        };

        (Recorder recorder, ClusterSummary summary) = Run([Request(0, 0, 1000, 50), Request(1, 0.1, 1000, 1)], Cluster(2), policy);

        // A request of one token is whole once its prompt is.
        Assert.Equal([(0L, 1), (1L, 0)], recorder.Outcomes.OrderBy(o => o.Request.Id).Select(o => (o.Request.Id, o.Replica!.Value)));
        Assert.All(
            recorder.Stretches.Where(stretch => stretch is { Replica: 0, IsIdle: false }),
            stretch => Assert.Equal(0, stretch.Work!.Value.DecodeSequences));
        Assert.Equal(2, summary.CompletedRequests);
    }

    [Fact]
    public void MoveWaiting_TakesWhatHasNotBegunToAnotherInstance()
    {
        // One sequence runs at a time, so nine requests wait at instance 0 until 0.2 s.
        ScriptedPolicy policy = new()
        {
            PeriodsSeconds = [0.2],
            OnBegin = (_, actions) => actions.SetMaxBatch(0, 1, "test"),
            OnRoute = (_, cluster, _) => RouteDecision.To(cluster.NowSeconds < 0.2 ? 0 : 1),
            OnTick = (_, _, actions) => actions.MoveWaiting(0, "test"),
        };
        List<ScheduledRequest> requests = [.. Enumerable.Range(0, 10).Select(id => Request(id, 0.001 * id, 1000, 100))];

        (Recorder recorder, ClusterSummary summary) = Run(requests, Cluster(2), policy);

        Assert.Equal("9 requests", summary.Actions[1].Setting);
        Assert.Equal(9, recorder.Outcomes.Count(outcome => outcome.Replica == 1));
        Assert.Equal(10, summary.CompletedRequests);
    }

    private static ClusterDefinition Cluster(int servers) =>
        new() { Replicas = [.. Enumerable.Range(0, servers).Select(_ => new ClusterReplica { System = Server })] };

    private static (Recorder Recorder, ClusterSummary Summary) Run(
        List<ScheduledRequest> requests, ClusterDefinition cluster, IClusterPolicy? policy)
    {
        Recorder recorder = new();
        ClusterController? controller = policy is null ? null : new ClusterController(policy);
        return (recorder, SimulatedCluster.Execute(new RequestSchedule(requests), cluster, recorder, controller));
    }
}
