using BenchmarkDotNet.Attributes;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Runs;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Microbenchmarks.Simulation;

/// <summary>Simulates a whole run of 40 replicas behind one router.</summary>
[MemoryDiagnoser]
[SimpleJob(launchCount: 1, warmupCount: 1, iterationCount: 3)]
public class ClusterBenchmarks
{
    private RequestSchedule schedule = null!;

    /// <summary>Number of requests of the run.</summary>
    [Params(10_000, 100_000)]
    public int Requests { get; set; }

    /// <summary>Makes the schedule that the cluster serves.</summary>
    [GlobalSetup]
    public void Prepare() => schedule = SimulationScenarios.Schedule(Requests, SimulationScenarios.ClusterRequestsPerSecond);

    /// <summary>Runs the schedule. Requests go to the replica with the fewest tokens.</summary>
    [Benchmark]
    public ClusterSummary Run() => SimulatedCluster.Execute(schedule, SimulationScenarios.Cluster, new SimulationAggregate());
}
