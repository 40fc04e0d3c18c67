using BenchmarkDotNet.Attributes;
using GreenServe.Records.Requests;
using GreenServe.Simulation.Runs;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Microbenchmarks.Simulation;

/// <summary>Decode steps by batch: a step should cost the same whatever the batch. Outputs of all lengths, so that somebody ends in nearly every step.</summary>
[MemoryDiagnoser]
[SimpleJob(launchCount: 1, warmupCount: 2, iterationCount: 5)]
public class StepBenchmarks
{
    private const int RequestsOfRun = 20_000;
    private RequestSchedule schedule = null!;

    /// <summary>Sequences that decode at once.</summary>
    [Params(8, 64, 512)]
    public int Batch { get; set; }

    /// <summary>Makes the schedule: as many users as the batch holds, outputs of 1 to 1,000 tokens without a pattern.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        RequestClassCuts cuts = new();
        schedule = new RequestSchedule(
            [.. Enumerable.Range(0, RequestsOfRun).Select(id =>
            {
                int output = 1 + (int)(id * 0.6180339887498949 % 1 * 1000);
                return new ScheduledRequest(id, 0, cuts.Classify(100, output), 100, output);
            })],
            Batch);
    }

    /// <summary>20,000 requests; the time divided by them is the cost of a request's arrival, its end and its share of the steps between.</summary>
    [Benchmark(OperationsPerInvoke = RequestsOfRun)]
    public SimulationSummary Run() => SimulatedRun.Execute(schedule, SimulationScenarios.Replica, new SimulationAggregate());
}
