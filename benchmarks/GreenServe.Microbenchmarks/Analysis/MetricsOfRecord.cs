using BenchmarkDotNet.Attributes;
using GreenServe.Analysis.Metrics;
using GreenServe.Microbenchmarks.Records;
using GreenServe.Microbenchmarks.Simulation;
using GreenServe.Records.Runs;
using GreenServe.Records.Tables;
using GreenServe.Simulation.Runs;

namespace GreenServe.Microbenchmarks.Analysis;

/// <summary>Reads the record of a simulated run of 20,000 requests and computes its metrics.</summary>
[Config(typeof(BriefConfig))]
[MemoryDiagnoser]
public class MetricsOfRecord
{
    private const int Requests = 20_000;

    private RecordScenario scenario = null!;
    private string folder = "";

    /// <summary>The format of the tables.</summary>
    [Params(TableFormat.Csv, TableFormat.Parquet)]
    public TableFormat Format { get; set; }

    /// <summary>Simulates the run and writes its record.</summary>
    [GlobalSetup]
    public void Simulate()
    {
        scenario = new RecordScenario();
        using RunRecordWriter record = scenario.Create(Format);
        SimulationSummary summary = SimulatedRun.Execute(
            SimulationScenarios.Schedule(Requests, SimulationScenarios.ReplicaRequestsPerSecond),
            SimulationScenarios.Replica,
            new RunRecordSink(record));
        folder = record.CompleteJudged(summary.Complete).Folder;
    }

    /// <summary>Deletes the record.</summary>
    [GlobalCleanup]
    public void Clean() => scenario.Delete();

    /// <summary>Reads the record and computes its metrics.</summary>
    [Benchmark]
    public RunMetrics Of() => RunMetrics.Of(RunRecord.Read(folder));
}
