using BenchmarkDotNet.Attributes;
using GreenServe.Records.Requests;
using GreenServe.Simulation.Runs;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Microbenchmarks.Simulation;

/// <summary>
/// Simulates decode steps of several batches. A step should cost the same whatever the batch. Outputs have all lengths, so that a request
/// ends in nearly every step.
/// </summary>
[MemoryDiagnoser]
[SimpleJob(launchCount: 1, warmupCount: 2, iterationCount: 5)]
public class StepBenchmarks
{
    private const int RequestsOfRun = 20_000;

    /// <summary>Step modulo 1 that spreads output lengths evenly without a pattern.</summary>
    private const double GoldenRatioInverse = 0.6180339887498949;

    private RequestSchedule schedule = null!;

    /// <summary>Number of sequences that decode at once.</summary>
    [Params(8, 64, 512)]
    public int Batch { get; set; }

    /// <summary>Makes the schedule, with as many users as the batch holds and outputs of 1 to 1,000 tokens without a pattern.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        RequestClassCuts cuts = new();
        schedule = new RequestSchedule(
            [.. Enumerable.Range(0, RequestsOfRun).Select(id =>
            {
                int output = 1 + (int)(id * GoldenRatioInverse % 1 * 1000);
                return new ScheduledRequest(id, 0, cuts.Classify(100, output), 100, output);
            })],
            Batch);
    }

    /// <summary>
    /// Runs 20,000 requests. The time divided by their number is the cost of the arrival of a request, of its end, and of its share of the
    /// steps between them.
    /// </summary>
    [Benchmark(OperationsPerInvoke = RequestsOfRun)]
    public SimulationSummary Run() => SimulatedRun.Execute(schedule, SimulationScenarios.Replica, new SimulationAggregate());
}
