using BenchmarkDotNet.Attributes;
using GreenServe.Simulation.Runs;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Microbenchmarks.Simulation;

/// <summary>A whole run of one replica; the cost of a request should not depend on how many there are.</summary>
[MemoryDiagnoser]
[SimpleJob(launchCount: 1, warmupCount: 1, iterationCount: 3)]
public class ReplicaBenchmarks
{
    private RequestSchedule schedule = null!;

    /// <summary>Requests of the run.</summary>
    [Params(10_000, 100_000, 1_000_000)]
    public int Requests { get; set; }

    /// <summary>Makes the schedule.</summary>
    [GlobalSetup]
    public void Prepare() => schedule = SimulationScenarios.Schedule(Requests, SimulationScenarios.ReplicaRequestsPerSecond);

    /// <summary>Sums and histograms are kept, nothing for each request.</summary>
    [Benchmark]
    public SimulationSummary Run() => SimulatedRun.Execute(schedule, SimulationScenarios.Replica, new SimulationAggregate());

    /// <summary>Says how much memory the process took, schedule included.</summary>
    [GlobalCleanup]
    public void TellMemory() => ProcessMemory.Tell($"{Requests} requests");
}
