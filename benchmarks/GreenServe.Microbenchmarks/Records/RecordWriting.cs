using BenchmarkDotNet.Attributes;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Tables;

namespace GreenServe.Microbenchmarks.Records;

/// <summary>Writes a table of 200,000 rows into a run record. If its rows allocate nothing, only buffers are left.</summary>
/// <remarks>A row of requests allocates what the writer keeps of it for verdict and summary. The other tables keep nothing.</remarks>
[Config(typeof(BriefConfig))]
[MemoryDiagnoser]
public class RecordWriting
{
    private RecordScenario scenario = null!;

    /// <summary>The format of the tables.</summary>
    [Params(TableFormat.Csv, TableFormat.Parquet)]
    public TableFormat Format { get; set; }

    /// <summary>Makes the rows that are written.</summary>
    [GlobalSetup]
    public void Prepare() => scenario = new RecordScenario();

    /// <summary>Deletes the records.</summary>
    [GlobalCleanup]
    public void Clean() => scenario.Delete();

    /// <summary>Writes requests.</summary>
    [Benchmark]
    public RunManifest Requests() => Write(record =>
    {
        foreach (RequestRecord request in scenario.Requests)
        {
            record.Add(request);
        }
    });

    /// <summary>Writes stretches of engine steps.</summary>
    [Benchmark]
    public RunManifest Stretches() => Write(record =>
    {
        for (int index = 0; index < RecordScenario.Rows; index++)
        {
            record.Add(RecordScenario.Stretch(index));
        }
    });

    /// <summary>Writes the times of tokens.</summary>
    [Benchmark]
    public RunManifest Tokens() => Write(record =>
    {
        for (int index = 0; index < RecordScenario.Rows; index++)
        {
            record.Add(RecordScenario.Token(index));
        }
    });

    private RunManifest Write(Action<RunRecordWriter> add)
    {
        RunRecord written;
        using (RunRecordWriter record = scenario.Create(Format))
        {
            add(record);
            written = record.Complete(manifest => manifest);
        }

        Directory.Delete(written.Folder, recursive: true);
        return written.Manifest;
    }
}
