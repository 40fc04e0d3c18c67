using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Control;
using GreenServe.Workloads.Schedules;
using static GreenServe.Tests.Simulation.SimulatedRuns;

namespace GreenServe.Tests.Simulation.Clusters;

public sealed class ClusterRunTests
{
    private static readonly ClusterDefinition One = new() { Replicas = [new ClusterReplica { System = TestSystems.H100() }] };

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
        List<ScheduledRequest> requests, ClusterDefinition cluster, ScriptedPolicy policy)
    {
        Recorder recorder = new();
        return (recorder, SimulatedCluster.Execute(new RequestSchedule(requests), cluster, recorder, new ClusterController(policy)));
    }
}
