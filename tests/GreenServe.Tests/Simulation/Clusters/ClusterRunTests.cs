using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Physics;
using GreenServe.Workloads.Schedules;
using static GreenServe.Tests.Simulation.SimulatedRuns;

namespace GreenServe.Tests.Simulation.Clusters;

public sealed class ClusterRunTests
{
    private static readonly SimulatedSystem Small = TestSystems.H100(TestSystems.Llama31For8B, 1) with { GpuCount = 4 };

    private static readonly ClusterDefinition One = new() { Replicas = [new ClusterReplica { System = TestSystems.H100() }] };

    [Theory]
    [InlineData(20, 620)]
    [InlineData(0, 86_400)]
    public void Execute_LastsUntilTheDrainLimit_WhenNothingServesARequest(double lastSeconds, double endSeconds)
    {
        // The only server for such requests goes off at 0 s. The other one is idle, and all of that time is in the energy. Arrivals of 20 s
        // are waited for 600 s longer, and a batch, which has no limit, for a day.
        ClusterDefinition cluster = new()
        {
            Replicas =
            [
                new ClusterReplica { System = Small },
                new ClusterReplica { System = Small, Classes = new HashSet<string> { "LL" } },
            ],
            Changes = [new ReplicaChange(0, 0, ReplicaAction.PowerOff)],
        };
        List<ScheduledRequest> requests = [Request(0, 0, 100, 10), Request(1, lastSeconds, 100, 10)];

        (_, ClusterSummary alone) = Run(requests, cluster, policy: null);
        (_, ClusterSummary watched) = Run(requests, cluster, new ScriptedPolicy { PeriodsSeconds = [7] });

        Assert.InRange(alone.DurationSeconds, endSeconds, endSeconds + 0.1);
        Assert.Equal(2, alone.CancelledRequests);
        AssertRelative((123 + (3 * 75)) * alone.DurationSeconds, alone.TotalJoules, 1e-4);
        Assert.Equal((alone.DurationSeconds, alone.TotalJoules), (watched.DurationSeconds, watched.TotalJoules));
        AssertRelative(watched.TotalJoules, watched.Monitor!.Cluster.GpuJoules, 1e-9);
    }

    [Fact]
    public void Execute_EndsWithTheRejectionOfAHeldRequest()
    {
        ScriptedPolicy policy = new()
        {
            PeriodsSeconds = [5],
            OnRoute = (_, cluster, _) => cluster.NowSeconds < 5 ? RouteDecision.Hold : RouteDecision.Reject("test"),
        };

        (_, ClusterSummary summary) = Run([Request(0, 0, 100, 10)], One, policy);

        Assert.Equal((5, 1), (summary.DurationSeconds, summary.RejectedRequests));
        AssertRelative(summary.TotalJoules, summary.Monitor!.Cluster.GpuJoules, 1e-9);
    }

    [Fact]
    public void Route_LetsARequestBeginLater_WhenTheInstanceMustLoadForIt()
    {
        List<ScheduledRequest> requests = [Request(0, 0, 100, 50), Request(1, 0, 100, 50)];
        (Recorder before, _) = Run(requests, One, new ScriptedPolicy());

        // The second request begins 10 s later, when the first one has left.
        (Recorder after, ClusterSummary summary) = Run(requests, One, new ScriptedPolicy
        {
            OnRoute = (request, _, _) => RouteDecision.To(0, afterSeconds: request.Id == 1 ? 10 : 0),
        });

        (Recorder alone, _) = Run([requests[0]], One, new ScriptedPolicy());
        double single = alone.Outcomes[0].FirstTokenSeconds!.Value;
        double frontEnd = TestSystems.PlainEngine.FrontEndSeconds;
        Assert.True(before.Outcomes[1].FirstTokenSeconds < 1);
        Assert.Equal(single, after.Outcomes[0].FirstTokenSeconds!.Value, tolerance: 1e-9);
        Assert.Equal(10 + frontEnd + (single - frontEnd), after.Outcomes[1].FirstTokenSeconds!.Value, tolerance: 1e-9);
        Assert.Equal(2, summary.CompletedRequests);
    }

    [Fact]
    public void PowerOff_WaitsForARequest_ThatIsStillToBegin()
    {
        ScriptedPolicy policy = new()
        {
            PeriodsSeconds = [1],
            OnRoute = (_, _, _) => RouteDecision.To(0, afterSeconds: 5),
            OnTick = (_, view, actions) =>
            {
                if (view.NowSeconds == 1)
                {
                    actions.PowerOff(0, "test");
                }
            },
        };

        (Recorder recorder, ClusterSummary summary) = Run([Request(0, 0, 100, 50)], One, policy);

        Assert.Equal(1, summary.CompletedRequests);
        Assert.Equal(recorder.Outcomes[0].CompletedSeconds, Assert.Single(summary.Actions).EffectiveSeconds);
    }

    [Fact]
    public void MoveWaiting_LeavesNothingDecidedOfARequest_ThatWasToBeSplit()
    {
        // Request 0 keeps the only place on instance 0 for more than 0.2 s. Request 1 waits there for its prompt, with instance 1 to decode
        // it. Then it moves to instance 1, which is to serve all of it: no further decision is due after its first token.
        List<(long Id, bool HasFirstToken)> routed = [];
        ScriptedPolicy policy = new()
        {
            PeriodsSeconds = [0.2],
            OnBegin = (_, actions) =>
            {
                actions.SetMaxBatch(0, 1, "test");
                actions.SetRole(1, ReplicaRole.Mixed, "test");
            },
            OnRoute = (request, view, _) =>
            {
                routed.Add((request.Id, request.HasFirstToken));
                return request.Id == 0 ? RouteDecision.To(0)
                    : view.NowSeconds < 0.2 ? RouteDecision.To(0, decodeInstance: 1)
                    : RouteDecision.To(1);
            },
            OnTick = (_, _, actions) => actions.MoveWaiting(0, "test"),
        };
        ClusterDefinition two = new() { Replicas = [new ClusterReplica { System = Small }, new ClusterReplica { System = Small }] };

        (Recorder recorder, ClusterSummary summary) = Run([Request(0, 0, 100, 400), Request(1, 0.1, 100, 50)], two, policy);

        Assert.Equal([(0L, false), (1L, false), (1L, false)], routed);
        Assert.Equal(1, recorder.Outcomes.Single(outcome => outcome.Request.Id == 1).Replica);
        Assert.Equal(2, summary.CompletedRequests);
    }

    [Fact]
    public void Partition_CountsNoPowerOfAnInstance_BeforeItExists()
    {
        ScriptedPolicy policy = new()
        {
            PeriodsSeconds = [1],
            OnTick = (_, view, actions) =>
            {
                if (view.NowSeconds == 100)
                {
                    actions.Partition(0, [4, 4], "test");
                }
            },
        };
        ClusterDefinition whole = new() { Replicas = [new ClusterReplica { System = TestSystems.H100(tensorParallelism: 8) }] };

        (_, ClusterSummary summary) = Run([Request(0, 0, 100, 50), Request(1, 300, 100, 50)], whole, policy);

        // What the second instance would have drawn in 100 s, had it been there, must not come in the second of the partition.
        const double MaxWatts = 8 * 700;
        Assert.Null(Assert.Single(summary.Actions).Refusal);
        Assert.InRange(summary.Monitor!.Cluster.PeakWatts!.Value, 1, MaxWatts);
    }

    private static (Recorder Recorder, ClusterSummary Summary) Run(
        List<ScheduledRequest> requests, ClusterDefinition cluster, ScriptedPolicy? policy)
    {
        Recorder recorder = new();
        ClusterController? controller = policy is null ? null : new ClusterController(policy);
        return (recorder, SimulatedCluster.Execute(new RequestSchedule(requests), cluster, recorder, controller));
    }
}
