using CsCheck;
using GreenServe.Records;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Policies;
using GreenServe.Simulation.Policies.Adapters;
using GreenServe.Simulation.Runs;
using GreenServe.Workloads.Schedules;
using GreenServe.Workloads.Traits;
using static GreenServe.Tests.Simulation.SimulatedRuns;

namespace GreenServe.Tests.Simulation.Policies;

public sealed class ChameleonTests
{
    private static readonly SimulatedSystem System = TestSystems.H100(TestSystems.Llama31For8B, 1) with { GpuCount = 1 };
    private static readonly Adapter[] Adapters = [.. Enumerable.Range(0, 6).Select(number => new Adapter(number, 8, 1e9 * (number + 1)))];

    [Fact]
    public void Route_DelaysTheFirstRequestOfAnAdapter_ByItsLoad()
    {
        List<ScheduledRequest> requests =
            [For(Request(0, 0, 500, 20), 1), For(Request(1, 100, 500, 20), 1), For(Request(2, 200, 500, 20), 0)];

        double[] ttfts = Ttfts(Run(requests, new Chameleon { Name = "a", Source = "test", LoadBytesPerSecond = 1e9 }));

        // Adapter 1 has 2 GB and adapter 0 has 1 GB, at 1 GB/s. The second request finds its adapter in memory.
        Assert.Equal(2, ttfts[0] - ttfts[1], tolerance: 1e-9);
        Assert.Equal(1, ttfts[2] - ttfts[1], tolerance: 1e-9);
    }

    [Fact]
    public void Route_LoadsAnAdapterAgain_WhenNothingIsKept()
    {
        List<ScheduledRequest> requests = [For(Request(0, 0, 500, 20), 1), For(Request(1, 100, 500, 20), 1)];
        Chameleon policy = new()
        {
            Name = "a",
            Source = "test",
            LoadBytesPerSecond = 1e9,
            Eviction = new EvictionOrder { KeepsNothing = true },
        };

        double[] ttfts = Ttfts(Run(requests, policy));

        Assert.Equal(ttfts[0], ttfts[1], tolerance: 1e-9);
    }

    [Fact]
    public void Route_LetsSmallRequestsPassLargeOnes_WithLevels()
    {
        // One request at a time. Of 400 that come together, every fourth is a hundred times as long as the others.
        List<ScheduledRequest> requests =
            [.. Enumerable.Range(0, 400).Select(id => For(Request(id, 0, 100, id % 4 == 0 ? 400 : 4), id % 2))];
        Chameleon inTurn = new() { Name = "a", Source = "test", LoadBytesPerSecond = 1e15 };
        SimulatedSystem single = System with { Knobs = System.Knobs with { MaxBatch = 1 } };

        double[] fcfs = Ttfts(Run(requests, inTurn, single));
        double[] levels = Ttfts(Run(requests, inTurn with { Levels = 4 }, single));

        double Median(double[] ttfts) => ttfts.Where((_, id) => id % 4 != 0).Order().ElementAt(150);
        Assert.True(Median(levels) < 0.7 * Median(fcfs), $"{Median(levels)} s against {Median(fcfs)} s");
        Assert.Equal(fcfs.Max(), levels.Max(), tolerance: 0.2 * fcfs.Max());
    }

    [Fact]
    public void Route_ServesEveryRequestOnce_ForAnyLoad() =>
        Gen.Select(Requests, Gen.Int[1, 4], Gen.Bool).Sample(
            (requests, levels, keepsNothing) =>
            {
                List<ScheduledRequest> with = [.. requests.Select(request => For(request, (int)request.Id % Adapters.Length))];
                Chameleon policy = new()
                {
                    Name = "a",
                    Source = "test",
                    LoadBytesPerSecond = 25e9,
                    Levels = levels,
                    Eviction = new EvictionOrder { KeepsNothing = keepsNothing },
                };

                List<RequestOutcome> outcomes = Run(with, policy);

                Assert.Equal(with.Select(request => request.Id), outcomes.Select(outcome => outcome.Request.Id));
                Assert.All(outcomes, outcome => Assert.NotNull(outcome.CompletedSeconds));
            },
            iter: 20);

    [Fact]
    public void CheckFor_AsksForAdapters()
    {
        Chameleon policy = new()
        {
            Name = "a",
            Source = "test",
            LoadBytesPerSecond = 1,
            InputWeight = 0,
            OutputWeight = 0,
            AdapterWeight = 0,
        };
        PolicySetting setting = new() { Cluster = Cluster(System), Schedule = new RequestSchedule([Request(0, 0, 1, 1)]) };

        IEnumerable<Problem> problems = policy.CheckFor(setting);

        Assert.Equal(["workload", "$.input_weight"], problems.Select(problem => problem.Place));
    }

    [Fact]
    public void CheckFor_RefusesServersWithSplitRoles()
    {
        ClusterDefinition split = new()
        {
            Replicas =
            [
                new ClusterReplica { System = System, Role = GreenServe.Simulation.Control.ReplicaRole.Prefill },
                new ClusterReplica { System = System, Role = GreenServe.Simulation.Control.ReplicaRole.Decode },
            ],
        };
        PolicySetting setting = new() { Cluster = split, Schedule = new RequestSchedule([Request(0, 0, 1, 1)]) { Adapters = Adapters } };

        Assert.Equal(
            "replicas: got servers with the role prefill and decode, want servers that serve whole requests",
            Assert.Single(new Chameleon { Name = "a", Source = "test", LoadBytesPerSecond = 1 }.CheckFor(setting)).ToString());
    }

    private static ScheduledRequest For(ScheduledRequest request, int adapter) => request with { Adapter = adapter };

    private static double[] Ttfts(List<RequestOutcome> outcomes) =>
        [.. outcomes.Select(outcome => outcome.FirstTokenSeconds!.Value - outcome.IssuedSeconds)];

    private static ClusterDefinition Cluster(SimulatedSystem system) => new() { Replicas = [new ClusterReplica { System = system }] };

    private static List<RequestOutcome> Run(List<ScheduledRequest> requests, Chameleon policy, SimulatedSystem? system = null)
    {
        Recorder recorder = new();
        ClusterDefinition cluster = Cluster(system ?? System);
        RequestSchedule schedule = new(requests) { Adapters = Adapters };
        ClusterController controller = new(policy.Create(new PolicySetting { Cluster = cluster, Schedule = schedule }));
        SimulatedCluster.Execute(schedule, cluster, recorder, controller);
        return [.. recorder.Outcomes.OrderBy(outcome => outcome.Request.Id)];
    }
}
