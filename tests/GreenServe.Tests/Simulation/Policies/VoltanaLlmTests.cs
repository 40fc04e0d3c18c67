using GreenServe.Records;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Policies;
using GreenServe.Workloads.Schedules;
using static GreenServe.Tests.Simulation.SimulatedRuns;

namespace GreenServe.Tests.Simulation.Policies;

public sealed class VoltanaLlmTests
{
    private static readonly SimulatedSystem System = TestSystems.H100(TestSystems.Llama31For8B, 1) with { GpuCount = 1 };
    private static readonly double[] Clocks = [600, 1200, 1980];

    [Fact]
    public void Tick_TakesTheLowestClockWithinTheLimit_ForDecoding()
    {
        List<ScheduledRequest> requests = [Request(0, 0, 100, 400)];
        double lowest = StepSeconds(600);
        double middle = StepSeconds(1200);
        Assert.True(lowest > middle);

        // A limit between the times of a step at 600 and at 1200 MHz asks for 1200 MHz, and a longer one for 600 MHz.
        Assert.Equal(1200, ClockWhileDecoding(requests, tbtSeconds: (lowest + middle) / 2));
        Assert.Equal(600, ClockWhileDecoding(requests, tbtSeconds: 2 * lowest));
        Assert.Equal(1980, ClockWhileDecoding(requests, tbtSeconds: 1e-6));
    }

    [Fact]
    public void Tick_LowersTheClockOfAnIdleInstance_AfterTheIdleTime()
    {
        List<ScheduledRequest> requests = [Request(0, 0, 100, 100), Request(1, 30, 100, 100)];

        ClusterSummary summary = Run(requests, Policy(tbtSeconds: 1e-6), Cluster(decoders: 1));

        // The decoder worked at the highest clock, since no clock keeps the limit.
        ControlAction idle = summary.Actions.First(action => action is { Instance: 1, Setting: "600 MHz" });
        Assert.Equal("no work", idle.Reason);
        Assert.InRange(idle.AtSeconds, 5, 30);
    }

    [Fact]
    public void Route_DecodesWhereTheFewestRequestsAre_WhileTheClocksAreAlike()
    {
        // The limit is so long that every decode instance stays at 600 MHz.
        List<ScheduledRequest> requests = [.. Enumerable.Range(0, 40).Select(id => Request(id, id * 0.5, 200, 200))];

        ClusterSummary summary = Run(requests, Policy(tbtSeconds: 0.5), Cluster(decoders: 2));

        Assert.Equal(40, summary.CompletedRequests);
        Assert.InRange(summary.CompletedByReplica[1], 15, 25);
        Assert.InRange(summary.CompletedByReplica[2], 15, 25);
    }

    [Fact]
    public void CheckFor_NamesEveryProblem()
    {
        VoltanaLlm policy = Policy(0.1) with { ClocksMegahertz = [1200, 600, 9000] };
        ClusterDefinition whole = new() { Replicas = [new ClusterReplica { System = System }] };
        PolicySetting setting = new() { Cluster = whole, Schedule = new RequestSchedule([]) };

        IEnumerable<Problem> problems = policy.CheckFor(setting);

        Assert.Equal(["$.clocks_megahertz", "replicas", "$.clocks_megahertz"], problems.Select(problem => problem.Place));
    }

    private static double StepSeconds(double megahertz) =>
        (System with { Knobs = System.Knobs with { GpuClockMegahertz = megahertz } }).StepModel().Cost(StepShape.Decode(1, 300)).Seconds;

    private static VoltanaLlm Policy(double tbtSeconds) => new()
    {
        Name = "voltana",
        Source = "test",
        ClocksMegahertz = Clocks,
        TtftSeconds = 1,
        TbtSeconds = tbtSeconds,
    };

    private static ClusterDefinition Cluster(int decoders) => new()
    {
        Replicas =
        [
            new ClusterReplica { System = System, Role = ReplicaRole.Prefill },
            .. Enumerable.Repeat(new ClusterReplica { System = System, Role = ReplicaRole.Decode }, decoders),
        ],
    };

    private static double ClockWhileDecoding(List<ScheduledRequest> requests, double tbtSeconds)
    {
        Recorder recorder = new();
        _ = Run(requests, Policy(tbtSeconds), Cluster(decoders: 1), recorder);
        return Math.Round(recorder.Stretches.Last(stretch => stretch.Replica == 1 && !stretch.IsIdle).ClockMegahertz);
    }

    private static ClusterSummary Run(
        List<ScheduledRequest> requests, VoltanaLlm policy, ClusterDefinition cluster, Recorder? recorder = null)
    {
        RequestSchedule schedule = new(requests);
        ClusterController controller = new(policy.Create(new PolicySetting { Cluster = cluster, Schedule = schedule }));
        return SimulatedCluster.Execute(schedule, cluster, recorder ?? new Recorder(), controller);
    }
}
