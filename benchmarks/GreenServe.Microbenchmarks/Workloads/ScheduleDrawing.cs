using BenchmarkDotNet.Attributes;
using GreenServe.Microbenchmarks.Simulation;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Microbenchmarks.Workloads;

/// <summary>Draws the arrivals and lengths of a workload.</summary>
[Config(typeof(BriefConfig))]
[MemoryDiagnoser]
public class ScheduleDrawing
{
    /// <summary>Number of requests of the workload.</summary>
    [Params(10_000, 100_000)]
    public int Requests { get; set; }

    /// <summary>Draws the schedule.</summary>
    [Benchmark]
    public RequestSchedule Draw() => SimulationScenarios.Schedule(Requests, SimulationScenarios.ReplicaRequestsPerSecond);
}
