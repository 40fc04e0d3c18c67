using BenchmarkDotNet.Attributes;
using GreenServe.Simulation.Runs;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Microbenchmarks.Simulation;

/// <summary>Simulates a whole run of one replica. The cost of a request should not depend on the number of requests.</summary>
[MemoryDiagnoser]
[SimpleJob(launchCount: 1, warmupCount: 1, iterationCount: 3)]
public class ReplicaBenchmarks
{
    private RequestSchedule schedule = null!;

    /// <summary>Number of requests of the run.</summary>
    [Params(10_000, 100_000, 1_000_000)]
    public int Requests { get; set; }

    /// <summary>Makes the schedule that the instance serves.</summary>
    [GlobalSetup]
    public void Prepare() => schedule = SimulationScenarios.Schedule(Requests, SimulationScenarios.ReplicaRequestsPerSecond);

    /// <summary>Runs the schedule. Only sums and histograms are kept, and nothing for each request.</summary>
    [Benchmark]
    public SimulationSummary Run() => SimulatedRun.Execute(schedule, SimulationScenarios.Replica, new SimulationAggregate());

    /// <summary>Logs the memory of the process, including the schedule.</summary>
    [GlobalCleanup]
    public void LogMemory() => ProcessMemory.Log($"{Requests} requests");
}
