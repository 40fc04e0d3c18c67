using BenchmarkDotNet.Attributes;
using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Tables;

namespace GreenServe.Microbenchmarks.Records;

/// <summary>Reads a table of 200,000 rows from a run record, once.</summary>
[Config(typeof(BriefConfig))]
[MemoryDiagnoser]
public class RecordReading
{
    private RecordScenario scenario = null!;
    private string folder = "";

    /// <summary>The format of the tables.</summary>
    [Params(TableFormat.Csv, TableFormat.Parquet)]
    public TableFormat Format { get; set; }

    /// <summary>Writes the record that is read.</summary>
    [GlobalSetup]
    public void Write()
    {
        scenario = new RecordScenario();
        using RunRecordWriter record = scenario.Create(Format);
        foreach (RequestRecord request in scenario.Requests)
        {
            record.Add(request);
        }

        for (int index = 0; index < RecordScenario.Rows; index++)
        {
            record.Add(RecordScenario.Stretch(index));
        }

        folder = record.Complete(manifest => manifest).Folder;
    }

    /// <summary>Deletes the record.</summary>
    [GlobalCleanup]
    public void Clean() => scenario.Delete();

    /// <summary>Reads the requests.</summary>
    [Benchmark]
    public double Requests()
    {
        double joules = 0;
        foreach (RequestRecord request in RunRecord.Read(folder).Requests)
        {
            joules += request.EnergyJoules!.Value;
        }

        return joules;
    }

    /// <summary>Reads the stretches of steps.</summary>
    [Benchmark]
    public long Stretches()
    {
        long steps = 0;
        foreach (EngineStretch stretch in RunRecord.Read(folder).StreamStretches())
        {
            steps += stretch.Count;
        }

        return steps;
    }

    /// <summary>Reads the stretches and makes each step of them.</summary>
    [Benchmark]
    public double Steps()
    {
        double joules = 0;
        foreach (EngineStep step in RunRecord.Read(folder).StreamSteps())
        {
            joules += step.EnergyJoules!.Value;
        }

        return joules;
    }
}
