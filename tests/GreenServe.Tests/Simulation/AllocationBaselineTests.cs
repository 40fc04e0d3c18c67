using System.Text.Json.Nodes;
using GreenServe.Microbenchmarks.Simulation;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Runs;
using GreenServe.Tests.Fixtures;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Simulation;

/// <summary>
/// Memory that the microbenchmarks' scenarios allocate. It does not depend on the speed of the machine, so that a test can limit it. The
/// benchmarks measure time.
/// </summary>
public sealed class AllocationBaselineTests
{
    private const double Tolerance = 1.05;
    private const int Requests = 10_000;

    [Fact]
    public void Execute_AllocatesNoMoreThanTheBaseline_OnOneReplica()
    {
        RequestSchedule schedule = SimulationScenarios.Schedule(Requests, SimulationScenarios.ReplicaRequestsPerSecond);
        Hold("replica_10000_requests", () => SimulatedRun.Execute(schedule, SimulationScenarios.Replica, new SimulationAggregate()));
    }

    [Fact]
    public void Execute_AllocatesNoMoreThanTheBaseline_OnACluster()
    {
        RequestSchedule schedule = SimulationScenarios.Schedule(Requests, SimulationScenarios.ClusterRequestsPerSecond);
        Hold("cluster_10000_requests", () => SimulatedCluster.Execute(schedule, SimulationScenarios.Cluster, new SimulationAggregate()));
    }

    [Fact]
    public void Execute_AllocatesInProportionToRequests()
    {
        RequestSchedule few = SimulationScenarios.Schedule(Requests, SimulationScenarios.ReplicaRequestsPerSecond);
        RequestSchedule many = SimulationScenarios.Schedule(4 * Requests, SimulationScenarios.ReplicaRequestsPerSecond);

        long first = Allocated(() => SimulatedRun.Execute(few, SimulationScenarios.Replica, new SimulationAggregate()));
        long second = Allocated(() => SimulatedRun.Execute(many, SimulationScenarios.Replica, new SimulationAggregate()));

        // Histograms take the same memory whatever the number of requests, so that the total grows less than in proportion.
        Assert.InRange(second, first, 4 * first);
    }

    private static void Hold(string name, Action run)
    {
        string path = Repository.PathOf("benchmarks", "GreenServe.Microbenchmarks", "baselines", "simulation-allocation.json");
        double baseline = JsonNode.Parse(File.ReadAllText(path))![name]!.GetValue<double>();

        long allocated = Allocated(run);

        Assert.True(
            allocated <= Tolerance * baseline, $"{name} allocated {allocated} bytes, baseline {baseline}; if that is meant, edit {path}");
    }

    private static long Allocated(Action run)
    {
        run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        run();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
